/// The facts that a listing gives of a file, against which its download is held.
public struct BodyExpectation: Sendable, Hashable {
    /// Its length in bytes, where the listing names one.
    public var length: Int?
    /// Its ETag, where the listing names one.
    public var etag: ETag?
    /// True when the file may be a web page itself.
    public var allowsHTML: Bool
    /// True when a body with another ETag is refused (`UnexpectedBody.otherVersion`). Where a server's GET never gives
    /// the listing's ETag, a caller that has seen the same content twice switches this off and reads
    /// `DownloadOutcome.agreement`.
    public var refusesOtherETag: Bool

    /// An expectation; without length and ETag a body is refused only when it is a web page.
    public init(length: Int? = nil, etag: ETag? = nil, allowsHTML: Bool = false, refusesOtherETag: Bool = true) {
        self.length = length
        self.etag = etag
        self.allowsHTML = allowsHTML
        self.refusesOtherETag = refusesOtherETag
    }

    /// Nothing is known of the file.
    public static let unknown = BodyExpectation()
}
