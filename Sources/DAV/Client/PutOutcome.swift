public import Foundation

/// A condition that must hold on the server for a PUT to be carried out (RFC 9110, section 13.1).
public enum Precondition: Sendable, Hashable {
    /// `If-None-Match: *`: nothing is there yet.
    case absent
    /// `If-Match`: the file there is the one we last knew. Needs a strong ETag.
    case unchanged(ETag)
}

/// The answer of a server that has taken a file.
public struct PutOutcome: Sendable, Hashable {
    /// The new file's ETag, where the server gives a strong one (Apache gives none).
    public var etag: ETag?
    /// True when the file was not there before.
    public var created: Bool
    /// True when the server says that it has taken the modification time sent (`X-OC-MTime: accepted`).
    public var acceptedModificationTime = false
    /// The server's clock when it answered (`Date`).
    public var date: Date?
}
