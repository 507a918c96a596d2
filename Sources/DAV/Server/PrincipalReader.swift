/// Reads the user's id out of a multistatus that names the current principal (RFC 5397).
final class PrincipalReader: XMLPushHandler {
    static let body =
        #"<d:propfind xmlns:d="DAV:"><d:prop><d:current-user-principal/></d:prop></d:propfind>"#

    private var isInside = false
    private var isHref = false
    private var href: [UInt8] = []

    /// The id in `…/principals/users/<id>/`, `nil` where there is none.
    static func userID(in body: [UInt8]) -> String? {
        let reader = PrincipalReader()
        var prologue = XMLPrologue()
        guard let parser = try? XMLPushParser(reader), (try? parser.feed(prologue.strip(body))) != nil,
            (try? parser.finish()) != nil
        else { return nil }
        let segments = CollectionURL.decodedPath(ofHref: reader.href).split(separator: UInt8(ascii: "/"))
        guard segments.count >= 3,
            segments.suffix(3).dropLast().elementsEqual(
                ["principals".utf8, "users".utf8],
                by: {
                    $0.elementsEqual($1)
                }), let id = segments.last
        else { return nil }
        return String(validating: id, as: UTF8.self)
    }

    func start(_ name: XMLName) {
        if name.isCalled("current-user-principal") { isInside = true }
        isHref = isInside && name.isCalled("href")
        if isHref { href = [] }
    }

    func end(_ name: XMLName) {
        if name.isCalled("current-user-principal") { isInside = false }
        isHref = false
    }

    func text(_ bytes: UnsafeRawBufferPointer) {
        if isHref, href.count + bytes.count <= 4 << 10 { href.append(contentsOf: bytes) }
    }
}
