/// Properties that are asked for beside ETag, kind, length, file id and permissions.
public struct PropertySet: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// `d:getlastmodified`.
    public static let modified = PropertySet(rawValue: 1)
    /// Nextcloud's `nc:lock` and its owner (app `files_lock`).
    public static let locks = PropertySet(rawValue: 2)

    /// The elements that ask for them.
    var elements: String {
        (contains(.modified) ? "<d:getlastmodified/>" : "")
            + (contains(.locks)
                ? "<nc:lock/><nc:lock-owner/><nc:lock-owner-displayname/><nc:lock-owner-editor/><nc:lock-time/>" : "")
    }
}
