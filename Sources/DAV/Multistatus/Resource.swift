/// What a server says of one resource.
public struct Resource: Sendable, Hashable {
    /// Where it is, below the collection that the client was made for.
    public var path: RemotePath
    /// Whether it is a collection (RFC 4918, section 5.2).
    public var isCollection = false
    /// Its entity tag; Nextcloud renews a collection's when anything below it changes.
    public var etag: ETag?
    /// Bytes, of a file.
    public var length: Int?
    /// Nextcloud's `oc:fileid`, which survives a move.
    public var fileID: String?
    /// Nextcloud's `oc:permissions`: letters such as `G` (readable), `W` (writable), `CK` (may create inside).
    public var permissions: String?

    public init(path: RemotePath) { self.path = path }
}
