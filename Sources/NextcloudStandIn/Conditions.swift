/// Standing conditions of the stand-in, unlike a ``Fault``, which meets some requests.
public struct Conditions: Sendable, Hashable {
    /// Maintenance mode: 503 everywhere, and `status.php` says so.
    public var maintenance = false
    /// What is answered to `PROPFIND` with `Depth: infinity`; nil answers it.
    public var infinityRefusal: InfinityRefusal?
    /// Which collections get a new ETag when something changes below them.
    public var propagation = Propagation.everyAncestor
    /// Paths of collections shown as external storages that were never scanned: they and all below have the ETag `""`.
    public var emptyETagsBelow: [String] = []
    /// The login flow's link is approved by a person at once, as the first account.
    public var approvesLogins = false

    public init() {}

    /// How a listing of unlimited depth is refused.
    public enum InfinityRefusal: Sendable, Hashable {
        /// With that status: Apache answers 403, ownCloud is reported to answer 412.
        case status(Int)
        /// As if `Depth: 1` had been asked, as sabre/dav does where it is switched off.
        case answeredAsOne
    }

    /// How far up a change is seen.
    public enum Propagation: Sendable, Hashable {
        /// As Nextcloud does.
        case everyAncestor
        /// As Apache's mod_dav does.
        case parentOnly
        /// As an external storage changed behind Nextcloud's back.
        case none
    }
}
