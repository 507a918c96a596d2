/// The rights that come with a share, by the numbers of Nextcloud's sharing API: 31 is all, 7 all but deleting and
/// sharing on, 1 reading only.
public struct SharePermissions: OptionSet, Sendable, Hashable {
    /// The number as the sharing API has it.
    public let rawValue: Int

    /// Rights by their number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Reading; every share has it.
    public static let read = SharePermissions(rawValue: 1)
    /// Writing and renaming what is there.
    public static let update = SharePermissions(rawValue: 2)
    /// Making files and collections.
    public static let create = SharePermissions(rawValue: 4)
    /// Deleting.
    public static let delete = SharePermissions(rawValue: 8)
    /// Sharing on.
    public static let reshare = SharePermissions(rawValue: 16)
    /// All of them.
    public static let all = SharePermissions(rawValue: 31)
}
