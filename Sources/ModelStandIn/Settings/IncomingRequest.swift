/// A request as it comes in, before it is looked at.
public struct IncomingRequest: Sendable, Hashable {
    /// In upper case.
    public var method: String
    /// Without the query.
    public var path: String
    /// `X-Goog-Upload-Command`, for uploads.
    public var uploadCommand: String?
}
