import Foundation
import HTTP

/// One `<response>` of a multistatus while its elements arrive, and what it comes to.
struct ResponseBuilder {
    /// Properties that are read.
    enum Property {
        case etag, resourceType, length, fileID, permissions, modified
        case lock, lockOwner, lockOwnerName, lockEditor, lockTime
    }

    /// The values of one propstat.
    private struct Values {
        var etag: ETag?
        var hasEmptyETag = false
        var isCollection: Bool?
        var length: Int?
        var fileID: String?
        var permissions: String?
        var lastModified: Date?
        var isLocked = false
        var lock = ResourceLock()
        /// The fault in a value that cannot be taken.
        var nonsense: String?
    }

    private var propstat = Values()
    private var accepted = Values()
    /// The first status of a propstat that is none of success.
    private var refusal: Int?

    /// The bytes of the first href.
    var href: [UInt8] = []
    /// True where there was another href: then it is not known which resources the response means.
    var hasFurtherHref = false
    /// The status of the response as a whole; 0 where it cannot be read.
    var status: Int?
    /// The status of the propstat under way; 0 where it cannot be read.
    var propstatStatus: Int?
    /// True when an element holds more text than is taken.
    var isSpoiled = false

    mutating func startPropstat() {
        propstat = Values()
        propstatStatus = nil
    }

    mutating func endPropstat() {
        guard Self.isSuccess(propstatStatus ?? 0) else {
            if let propstatStatus, propstatStatus != 404, refusal == nil { refusal = propstatStatus }
            return
        }
        accepted.etag = propstat.etag ?? accepted.etag
        accepted.hasEmptyETag = propstat.hasEmptyETag || accepted.hasEmptyETag
        accepted.isCollection = propstat.isCollection ?? accepted.isCollection
        accepted.length = propstat.length ?? accepted.length
        accepted.fileID = propstat.fileID ?? accepted.fileID
        accepted.permissions = propstat.permissions ?? accepted.permissions
        accepted.lastModified = propstat.lastModified ?? accepted.lastModified
        accepted.nonsense = propstat.nonsense ?? accepted.nonsense
        if propstat.isLocked { (accepted.isLocked, accepted.lock) = (true, propstat.lock) }
    }

    mutating func setKind(isCollection: Bool) { propstat.isCollection = isCollection }

    /// Takes a property's text.
    mutating func set(_ property: Property, _ text: ArraySlice<UInt8>) {
        let string = String(decoding: text, as: UTF8.self)
        let word = string.isEmpty ? nil : string
        switch property {
        case .etag: setETag(text, string)
        case .length: setLength(string)
        case .fileID: propstat.fileID = word
        case .permissions: propstat.permissions = string
        case .modified: propstat.lastModified = HTTPDate.parse(string)
        case .lock: propstat.isLocked = ["1", "true"].contains(string)
        case .lockOwner: propstat.lock.owner = word
        case .lockOwnerName: propstat.lock.ownerName = word
        case .lockEditor: propstat.lock.editor = word
        case .lockTime: propstat.lock.since = Int(string).map { Date(timeIntervalSince1970: Double($0)) }
        case .resourceType: break
        }
    }

    private mutating func setETag(_ text: ArraySlice<UInt8>, _ string: String) {
        propstat.etag = ETag(bytes: text)
        guard propstat.etag == nil else { return }
        if ["", "\"\"", "W/\"\"", "w/\"\""].contains(string.filter { $0 != " " }) {
            propstat.hasEmptyETag = true
        } else {
            propstat.nonsense = "its ETag is none (\(Self.shown(text)))"
        }
    }

    private mutating func setLength(_ string: String) {
        guard !string.isEmpty else { return }
        propstat.length = Int(string).flatMap { $0 >= 0 ? $0 : nil }
        if propstat.length == nil { propstat.nonsense = "its length is none (\(Self.shown(Array(string.utf8)[...])))" }
    }

    /// The resource that the response describes, or the fault in it.
    func result(in collection: CollectionURL) -> Result<Resource, FailedEntry> {
        let path = hasFurtherHref || href.isEmpty ? nil : collection.resource(href: href)
        func failed(_ reason: String, _ status: Int? = nil) -> Result<Resource, FailedEntry> {
            .failure(FailedEntry(path: path, status: status, reason: reason))
        }
        if isSpoiled { return failed("an element's text is longer than is taken") }
        if href.isEmpty { return failed("an entry of the listing names no resource") }
        guard let path else {
            let place = Self.shown(href[...])
            return failed("the answer names a place outside the collection: \(place)", status)
        }
        if let status, !Self.isSuccess(status) {
            return failed(status == 0 ? "its status cannot be read" : "the server answers \(status) for it", status)
        }
        guard let isCollection = accepted.isCollection else {
            if let refusal, refusal != 0 { return failed("the server answers \(refusal) for it", refusal) }
            return failed("the server does not say what it is")
        }
        if let nonsense = accepted.nonsense { return failed(nonsense) }
        var resource = Resource(path: path)
        resource.isCollection = isCollection
        resource.etag = accepted.etag
        resource.hasEmptyETag = accepted.hasEmptyETag && accepted.etag == nil
        resource.length = accepted.length
        resource.fileID = accepted.fileID
        resource.permissions = accepted.permissions
        resource.lastModified = accepted.lastModified
        resource.lock = accepted.isLocked ? accepted.lock : nil
        return .success(resource)
    }

    private static func isSuccess(_ status: Int) -> Bool { (200..<300).contains(status) }

    /// Text of the server's for a message: one short line.
    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(200), as: UTF8.self).unicodeScalars.filter {
            $0.properties.generalCategory != .control
        }
        return String(String.UnicodeScalarView(text))
    }
}
