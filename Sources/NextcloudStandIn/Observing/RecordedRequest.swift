/// A request that the stand-in received, and what became of it.
public struct RecordedRequest: Sendable, Hashable {
    /// In upper case.
    public var method: String
    /// As it came, percent-encoded, with the query.
    public var path: String
    /// The `Depth` header.
    public var depth: String?
    /// Other headers, names in lower case; those that hold a secret (`Authorization`, `Cookie`) are left out.
    public var headers: [String: String]
    /// True for one that came with the session's cookie.
    public var sentSessionCookie: Bool
    /// The status answered; nil when no answer was given: the connection was cut, or the answer is still awaited.
    public var status: Int?
    /// Bytes of the body that came in.
    public var bytesIn = 0
    /// Bytes of the answer's body handed out so far.
    public var bytesOut = 0
}
