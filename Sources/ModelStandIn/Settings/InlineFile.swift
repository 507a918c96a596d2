/// A file inside a request.
public struct InlineFile: Sendable, Hashable {
    /// The media type that it was sent with.
    public var mimeType: String
    /// The file; nothing where `Configuration.keptBytes` leaves no room for it.
    public var data: [UInt8]
    /// In hexadecimal.
    public var sha256: String
    /// In bytes.
    public var size: Int
    /// The name of a file that was uploaded before: `files/abc`.
    public var file: String?
}
