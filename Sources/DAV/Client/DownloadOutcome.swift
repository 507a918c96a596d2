public import Foundation

/// The facts about a file that was downloaded.
public struct DownloadOutcome: Sendable, Hashable {
    /// The ETag that the content is known by: the listed one where `ETag` or `OC-ETag` agrees with it, else `OC-ETag`,
    /// else `ETag`.
    public var etag: ETag?
    /// True when that ETag came as `OC-ETag`.
    public var isOCETag: Bool
    /// The agreement of the answer's ETags with the listed one.
    public var agreement: ETagAgreement
    /// Bytes.
    public var length: Int
    /// The server's clock when it answered (`Date`).
    public var date: Date?
    /// The file's last modification by the server's clock (`Last-Modified`).
    public var lastModified: Date?

    /// True when the ETag is final: it was learned two seconds or more, by the server's own clock, after the last
    /// modification. Two writes within a second may leave the same ETag (measured on Nextcloud 34).
    public var hasFinalETag: Bool { ETag.isFinal(learned: date, lastModified: lastModified) }
}

extension ETag {
    /// A storage whose clock is ahead of the server's is not further ahead, in seconds; a later time is a made-up one.
    private static let longestLead: TimeInterval = 600

    /// True when an ETag learned in an answer of that `Date` is final for a file that was last modified then: two seconds
    /// or more lie between them, both by the server's clock. Unknown times make none final. A camera's or a phone's
    /// wrong clock may put a time far ahead (`X-OC-MTime`): no write of the present gets that one.
    public static func isFinal(learned: Date?, lastModified: Date?) -> Bool {
        guard let learned, let lastModified else { return false }
        let age = learned.timeIntervalSince(lastModified)
        return age >= 2 || age < -longestLead
    }
}
