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
