/// A person's wish to have something done once more.
public struct RetryWish: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Sheets that failed, or wait for another try.
        case unfinished
        /// Sheets that failed.
        case failed
        /// Sheets whose answer is of an older prompt or model: they are asked about anew, which costs money.
        case outdated
        /// Results that a person deleted: they are published again from the stored answer.
        case deleted
    }

    public var kind: Kind
    /// Files and folders below the root, as people type them; none for all.
    public var paths: [String]

    public init(_ kind: Kind, paths: [String] = []) {
        self.kind = kind
        self.paths = paths
    }
}
