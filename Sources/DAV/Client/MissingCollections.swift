/// The collections that an upload or a move may make where they are missing above its place.
public enum MissingCollections: Sendable, Hashable {
    /// All of them are made, up to the client's own collection; a Nextcloud may make those above it as well
    /// (`X-NC-WebDAV-Auto-Mkcol` makes every missing one below the account, before it looks at preconditions).
    case made
    /// That collection and those below it are made, one by one; none above it ever is.
    case madeFrom(RemotePath)
    /// None is made.
    case left

    /// True when a missing collection may be made.
    func allows(_ collection: RemotePath) -> Bool {
        switch self {
        case .made: !collection.isRoot
        case .madeFrom(let first): !collection.isRoot && collection.isInside(first)
        case .left: false
        }
    }
}
