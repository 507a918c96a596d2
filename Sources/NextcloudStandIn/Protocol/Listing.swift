/// A multistatus to be written: where it starts, how deep it goes, what it tells.
struct Listing: Sendable {
    /// The beginning of hrefs, percent-encoded, without a slash at the end.
    var prefix: String
    /// The names that were asked for.
    var names: [String]
    /// The node that was asked for.
    var start: Int
    var depth: Depth
    var properties: [Property]
    /// True leaves properties that are not there unmentioned.
    var omitsMissing: Bool
    var account: Account
    /// The names of people by the ids of their accounts.
    var displayNames: [String: String] = [:]
    /// Collections shown as external storages never scanned, by id.
    var unscanned: Set<Int> = []
    /// Collections in which external storages are mounted, by id.
    var mounted: Set<Int> = []
    /// Storages that are away, by id: shown as if never scanned, and empty.
    var away: Set<Int> = []
    /// Where a fault leaves a response without href and status.
    var emptied: Int?
    /// Where a fault breaks the listing off.
    var breaksAfter: Int?
    /// Where a fault gives a response a status of its own.
    var failed: (position: Int, status: Int)?

    enum Depth: Sendable, Hashable {
        case zero, one, infinity
    }
}
