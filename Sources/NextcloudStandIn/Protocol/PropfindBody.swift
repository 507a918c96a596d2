/// The body of a `PROPFIND` (RFC 4918, section 14.20).
struct PropfindBody: Sendable {
    var properties: [Property]
    /// True leaves properties that are not there unmentioned.
    var omitsMissing: Bool

    init(_ bytes: [UInt8]) throws(DAVError) {
        guard !bytes.isEmpty else {
            properties = Property.all
            omitsMissing = true
            return
        }
        let root: XMLElement
        do { root = try SmallXMLReader.read(bytes) } catch {
            throw .sabre(400, "BadRequest", error.reason)
        }
        guard root.namespace == "DAV:", root.name == "propfind" else {
            throw .sabre(400, "BadRequest", "Expected {DAV:}propfind")
        }
        if let wanted = root.first("DAV:", "prop") {
            properties = wanted.children.map { Property(namespace: $0.namespace, name: $0.name) }
            omitsMissing = false
        } else {
            properties = Property.all
            omitsMissing = true
        }
    }
}
