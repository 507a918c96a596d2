/// Standing conditions of the stand-in, unlike a ``Fault``, which meets some requests.
public struct Conditions: Sendable, Hashable {
    /// Maintenance mode: 503 everywhere, and `status.php` says so.
    public var maintenance = false
    /// The answer to `PROPFIND` with `Depth: infinity`; nil is the listing asked for.
    public var infinityRefusal: InfinityRefusal?
    /// The collections that get a new ETag when something changes below them.
    public var propagation = Propagation.everyAncestor
    /// Paths of collections shown as external storages that were never scanned: they and all below have the ETag `""`.
    public var emptyETagsBelow: [String] = []
    /// Paths of collections in which external storages are mounted: their rights, and those of all below, say so (`M`).
    public var mountedStorages: [String] = []
    /// Paths of external storages that are away: listed as folders that are empty, with the ETag `""`; whatever is asked
    /// about something inside is answered with 503.
    public var awayStorages: [String] = []
    /// Paths of collections that hold themselves, for ever, as a storage with a looping link does. A listing of unlimited
    /// depth ends after 100 levels.
    public var endlessCollections: [String] = []
    /// The relation between a file's ETag and its content.
    public var fileETags = FileETags.everyWrite
    /// The ETag that downloads are answered with.
    public var downloadETags = DownloadETags.own
    /// False leaves `OC-ETag` out of the answers to downloads.
    public var sendsOCETag = true
    /// Preconditions (`If-Match`, `If-None-Match`) are passed over, as rclone's and Go's WebDAV servers do.
    public var ignoresPreconditions = false
    /// Names that differ only in case are one, as on a share of Windows: the name that was first stays.
    public var ignoresCase = false
    /// Making a collection takes a moment, in which another one in the same place is refused with 423, as Nextcloud's
    /// locks have it.
    public var locksWhileMaking = false
    /// The time at which the stand-in's clock stands still, in seconds since 1970; nil lets it go. `Date`, and the time
    /// of files written without `X-OC-MTime`, follow it.
    public var stoppedClock: Int?
    /// The login flow's link is approved by a person at once, as the first account.
    public var approvesLogins = false

    /// A Nextcloud as it comes.
    public init() {}

    /// The ways in which servers refuse a listing of unlimited depth.
    public enum InfinityRefusal: Sendable, Hashable {
        /// With that status: Apache answers 403, ownCloud is reported to answer 412.
        case status(Int)
        /// As if `Depth: 1` had been asked, as sabre/dav does where it is switched off.
        case answeredAsOne
    }

    /// The writes that give a file a new ETag.
    public enum FileETags: Sendable, Hashable {
        /// Every one.
        case everyWrite
        /// Those that leave it with another time of its last change, in whole seconds, as Nextcloud does with local
        /// storages: two writes within one second, or with the same `X-OC-MTime`, share one.
        case everySecond
    }

    /// The ETag headers of downloads; listings have the file's own always.
    public enum DownloadETags: Sendable, Hashable {
        /// The file's own.
        case own
        /// With an ending, as Apache's mod_deflate makes them (`-gzip`).
        case ending(String)
        /// Marked as weak (`W/`), as nginx does when it compresses.
        case weak
        /// Another one with every answer.
        case fresh
        /// None at all.
        case absent
    }

    /// The distance that a change travels upwards.
    public enum Propagation: Sendable, Hashable {
        /// All of them, as in Nextcloud.
        case everyAncestor
        /// One step, as in Apache's mod_dav.
        case parentOnly
        /// Not at all, as an external storage changed behind Nextcloud's back.
        case none
    }
}
