/// A property that a client asks for, ready to be written.
struct Property: Sendable {
    let namespace: String
    let name: String
    let kind: Kind?
    let opening: [UInt8]
    let closing: [UInt8]
    let empty: [UInt8]

    /// Those that the stand-in knows.
    enum Kind: String, Sendable {
        case etag = "d:getetag"
        case resourceType = "d:resourcetype"
        case length = "d:getcontentlength"
        case mediaType = "d:getcontenttype"
        case modified = "d:getlastmodified"
        case created = "d:creationdate"
        case displayName = "d:displayname"
        case quotaUsed = "d:quota-used-bytes"
        case quotaAvailable = "d:quota-available-bytes"
        case fileID = "oc:fileid"
        case longID = "oc:id"
        case permissions = "oc:permissions"
        case checksums = "oc:checksums"
        case size = "oc:size"
        case ownerID = "oc:owner-id"
        case ownerName = "oc:owner-display-name"
        case favorite = "oc:favorite"
        case dataFingerprint = "oc:data-fingerprint"
        case lock = "nc:lock"
        case lockOwner = "nc:lock-owner"
        case lockOwnerName = "nc:lock-owner-displayname"
        case lockTime = "nc:lock-time"
        case lockOwnerType = "nc:lock-owner-type"
        case lockEditor = "nc:lock-owner-editor"
    }

    static let prefixes = [
        "DAV:": "d", "http://sabredav.org/ns": "s", "http://owncloud.org/ns": "oc", "http://nextcloud.org/ns": "nc",
    ]

    /// True for one that only the server may set (RFC 4918, section 15).
    var isProtected: Bool { kind != nil }

    init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
        if let prefix = Self.prefixes[namespace] {
            kind = Kind(rawValue: "\(prefix):\(name)")
            opening = Array("<\(prefix):\(name)>".utf8)
            closing = Array("</\(prefix):\(name)>".utf8)
            empty = Array("<\(prefix):\(name)/>".utf8)
        } else {
            kind = nil
            let value = XMLText.quoted(namespace)
            let attribute = namespace.isEmpty ? "" : " xmlns:x1=\"\(value)\""
            let tag = namespace.isEmpty ? name : "x1:\(name)"
            opening = Array("<\(tag)\(attribute)>".utf8)
            closing = Array("</\(tag)>".utf8)
            empty = Array("<\(tag)\(attribute)/>".utf8)
        }
    }

    /// The properties that `allprop`, or no body at all, gives.
    static let all = [
        "getlastmodified", "getcontentlength", "resourcetype", "quota-used-bytes", "quota-available-bytes", "getetag",
        "getcontenttype",
    ].map { Property(namespace: "DAV:", name: $0) }
}
