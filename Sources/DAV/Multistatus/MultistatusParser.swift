/// Reads a multistatus (RFC 4918, section 13) as its bytes arrive.
///
/// Each propstat is judged by its own status: only properties of a 2xx one count. Whatever makes the listing
/// incomplete (a failed response, an error element inside, an href outside the collection) is kept in `problems`:
/// nothing may be inferred from what such a listing lacks.
final class MultistatusParser: XMLPushHandler {
    /// The longest text taken of one element; hrefs of 4,000 bytes are 12,000 when encoded.
    private static let textLimit = 32 << 10
    private static let problemsKept = 20

    private enum Element {
        case document, multistatus, response, href, responseStatus, propstat, propstatStatus, prop
        case property(Property), collection, error, other
    }

    private enum Property { case etag, resourceType, length, fileID, permissions }

    private struct Values {
        var etag: ETag?
        var isCollection: Bool?
        var length: Int?
        var fileID: String?
        var permissions: String?
    }

    private let collection: CollectionURL
    private var xml: XMLPushParser?
    private var stack: [Element] = [.document]
    private var text: [UInt8] = []
    /// Whether the response under way holds a text too long to be taken.
    private var isSpoiled = false
    private var href: [UInt8] = []
    private var responseStatus: Int?
    private var propstatStatus: Int?
    private var propstat = Values()
    private var accepted = Values()
    private var sawMultistatus = false
    private var resources: [Resource] = []

    /// What makes the listing incomplete, in words.
    private(set) var problems: [String] = []
    /// The decoded path of the first href.
    private(set) var firstHref: [UInt8]?

    init(collection: CollectionURL) throws(XMLPushError) {
        self.collection = collection
        xml = try XMLPushParser(self)
    }

    /// Takes bytes; returns the resources that they completed.
    func feed(_ bytes: [UInt8]) throws(XMLPushError) -> [Resource] {
        try xml?.feed(bytes)
        defer { resources.removeAll(keepingCapacity: true) }
        return resources
    }

    /// Ends the document.
    func finish() throws(XMLPushError) {
        try xml?.finish()
        if !sawMultistatus { throw .malformed(line: 1, message: "not a multistatus") }
    }

    func start(_ name: XMLName) {
        text.removeAll(keepingCapacity: true)
        let element = element(named: name, inside: stack.last ?? .other)
        switch element {
        case .multistatus: sawMultistatus = true
        case .response:
            href = []
            responseStatus = nil
            isSpoiled = false
            accepted = Values()
        case .propstat:
            propstat = Values()
            propstatStatus = nil
        case .property(.resourceType): propstat.isCollection = false
        case .collection: propstat.isCollection = true
        case .error: note("the server put an error into its answer")
        default: break
        }
        stack.append(element)
    }

    func end(_ name: XMLName) {
        switch stack.popLast() ?? .other {
        case .href: href = Array(text.trimmed)
        case .responseStatus: responseStatus = Self.code(text)
        case .propstatStatus: propstatStatus = Self.code(text)
        case .property(let property): set(property)
        case .propstat: if Self.isSuccess(propstatStatus ?? 200) { merge() }
        case .response: endResponse()
        default: break
        }
        text.removeAll(keepingCapacity: true)
    }

    func text(_ bytes: UnsafeRawBufferPointer) {
        switch stack.last {
        case .href, .responseStatus, .propstatStatus, .property:
            if text.count + bytes.count > Self.textLimit { isSpoiled = true }
            if !isSpoiled { text.append(contentsOf: bytes) }
        default: break
        }
    }

    private func element(named name: XMLName, inside parent: Element) -> Element {
        switch parent {
        case .document where isDAV(name, "multistatus"): .multistatus
        case .multistatus where isDAV(name, "response"): .response
        case .multistatus where isDAV(name, "error"): .error
        case .response where isDAV(name, "propstat"): .propstat
        case .response where isDAV(name, "href"): href.isEmpty ? .href : .other
        case .response where isDAV(name, "status"): .responseStatus
        case .propstat where isDAV(name, "prop"): .prop
        case .propstat where isDAV(name, "status"): .propstatStatus
        case .prop where isDAV(name, "getetag"): .property(.etag)
        case .prop where isDAV(name, "resourcetype"): .property(.resourceType)
        case .prop where isDAV(name, "getcontentlength"): .property(.length)
        case .prop where isOwnCloud(name, "fileid"): .property(.fileID)
        case .prop where isOwnCloud(name, "permissions"): .property(.permissions)
        case .property(.resourceType) where isDAV(name, "collection"): .collection
        default: .other
        }
    }

    private func isDAV(_ name: XMLName, _ local: StaticString) -> Bool { name.isCalled(local) && name.isIn("DAV:") }

    private func isOwnCloud(_ name: XMLName, _ local: StaticString) -> Bool {
        name.isCalled(local) && name.isIn("http://owncloud.org/ns")
    }

    private func set(_ property: Property) {
        switch property {
        case .etag: propstat.etag = ETag(bytes: text[...])
        case .length: propstat.length = Int(string).flatMap { $0 >= 0 ? $0 : nil }
        case .fileID: propstat.fileID = string.isEmpty ? nil : string
        case .permissions: propstat.permissions = string
        case .resourceType: break
        }
    }

    private func merge() {
        accepted.etag = propstat.etag ?? accepted.etag
        accepted.isCollection = propstat.isCollection ?? accepted.isCollection
        accepted.length = propstat.length ?? accepted.length
        accepted.fileID = propstat.fileID ?? accepted.fileID
        accepted.permissions = propstat.permissions ?? accepted.permissions
    }

    private func endResponse() {
        if isSpoiled {
            note("an element's text is longer than \(Self.textLimit) bytes")
            return
        }
        if firstHref == nil { firstHref = CollectionURL.decodedPath(ofHref: href) }
        if let responseStatus, !Self.isSuccess(responseStatus) {
            note("the server answers \(responseStatus) for \(String(decoding: href.prefix(200), as: UTF8.self))")
            return
        }
        guard let path = collection.resource(href: href) else {
            note(
                "the answer names a place outside the collection: \(String(decoding: href.prefix(200), as: UTF8.self))")
            return
        }
        guard let isCollection = accepted.isCollection else {
            note("the server does not say what \(path) is")
            return
        }
        var resource = Resource(path: path)
        resource.isCollection = isCollection
        resource.etag = accepted.etag
        resource.length = accepted.length
        resource.fileID = accepted.fileID
        resource.permissions = accepted.permissions
        resources.append(resource)
    }

    private func note(_ problem: String) {
        if problems.count < Self.problemsKept { problems.append(problem) }
    }

    private var string: String { String(decoding: text.trimmed, as: UTF8.self) }

    private static func isSuccess(_ status: Int) -> Bool { (200..<300).contains(status) }

    /// "HTTP/1.1 200 OK"
    private static func code(_ text: [UInt8]) -> Int {
        let parts = text.split(separator: UInt8(ascii: " "), maxSplits: 2)
        return parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
    }
}

extension [UInt8] {
    /// Without blanks at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        var rest = self[...]
        while let first = rest.first, Self.isBlank(first) { rest.removeFirst() }
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        return rest
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
