public import Foundation

/// The conclusions that a listing allows once it has arrived whole.
public struct ListingOutcome: Sendable, Hashable {
    /// The entries that could not be taken, while their siblings were.
    public var failures: [FailedEntry]
    /// The server's clock when it answered (`Date`).
    public var date: Date?
    /// True when the listing named the collection that was asked for; one that does not is no listing of it.
    public var namesItself: Bool
    /// True when the collection listed has an empty ETag (`""`): a storage that is away shows its folder empty, and
    /// nothing may be inferred from what it lacks.
    public var hasEmptyETag: Bool
    /// The collections met that have an empty ETag, the listed one included.
    public var collectionsWithEmptyETag: [RemotePath]

    /// An outcome.
    public init(
        failures: [FailedEntry] = [], date: Date? = nil, namesItself: Bool = true, hasEmptyETag: Bool = false,
        collectionsWithEmptyETag: [RemotePath] = []
    ) {
        self.failures = failures
        self.date = date
        self.namesItself = namesItself
        self.hasEmptyETag = hasEmptyETag
        self.collectionsWithEmptyETag = collectionsWithEmptyETag
    }

    /// True when every entry was taken: what the listing lacks is not there.
    public var isComplete: Bool { failures.isEmpty && namesItself }

    /// True when the absence of a path from this listing proves that it is not there: no entry is unknown, none of the
    /// failed ones is the path or lies above it, and no collection above it has an empty ETag.
    public func provesAbsence(of path: RemotePath) -> Bool {
        guard namesItself, !collectionsWithEmptyETag.contains(where: path.isInside) else { return false }
        return failures.allSatisfy { failure in failure.path.map { !path.isInside($0) } ?? false }
    }
}
