/// A small 207 document made in one go.
enum Multistatus {
    static func document(_ responses: String) -> [UInt8] {
        Array(
            ("<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\" "
                + "xmlns:oc=\"http://owncloud.org/ns\" xmlns:nc=\"http://nextcloud.org/ns\">\(responses)"
                + "</d:multistatus>\n").utf8)
    }

    /// One response with properties that are there (with their values, as XML) and that are not.
    static func response(_ href: String, _ properties: [(property: Property, value: String?)]) -> String {
        var text = "<d:response><d:href>\(href)</d:href>"
        let found = properties.compactMap { pair in pair.value.map { (pair.property, $0) } }
        if !found.isEmpty {
            let props = found.map { property, value in
                String(decoding: property.opening, as: UTF8.self) + value
                    + String(decoding: property.closing, as: UTF8.self)
            }
            text += propstat(props, "200 OK")
        }
        let missing = properties.filter { $0.value == nil }
        if !missing.isEmpty {
            text += propstat(missing.map { String(decoding: $0.property.empty, as: UTF8.self) }, "404 Not Found")
        }
        return text + "</d:response>"
    }

    static func propstat(_ properties: [String], _ status: String) -> String {
        "<d:propstat><d:prop>\(properties.joined())</d:prop><d:status>HTTP/1.1 \(status)</d:status></d:propstat>"
    }
}
