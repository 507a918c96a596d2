public import Foundation

/// The properties that a server gives of one resource.
public struct Resource: Sendable, Hashable {
    /// Where it is, below the collection that the client was made for.
    public var path: RemotePath
    /// True for a collection (RFC 4918, section 5.2).
    public var isCollection = false
    /// Its ETag; Nextcloud renews a collection's when anything below it changes.
    public var etag: ETag?
    /// True when the server names an ETag and it is empty (`""`): an external storage that was never scanned, or that is
    /// away. Nothing may be inferred from what such a collection lacks.
    public var hasEmptyETag = false
    /// Bytes, of a file.
    public var length: Int?
    /// Nextcloud's `oc:fileid`, which survives a move.
    public var fileID: String?
    /// Nextcloud's `oc:permissions`: letters such as `G` (readable), `W` (writable), `CK` (may create inside).
    public var permissions: String?
    /// The last modification by the server's clock, in whole seconds; where `PropertySet.modified` was asked for.
    public var lastModified: Date?
    /// The lock that somebody holds on it; where `PropertySet.locks` was asked for.
    public var lock: ResourceLock?

    /// True for what lies in a storage that is mounted among the account's files (`M` among its rights), the collection
    /// in which it is mounted included.
    public var isMounted: Bool { permissions?.contains("M") ?? false }

    /// A resource of which nothing else is known yet.
    public init(path: RemotePath) { self.path = path }
}

extension BodyExpectation {
    /// A download is to be the file that was listed.
    public init(_ listed: Resource) { self.init(length: listed.length, etag: listed.etag) }
}
