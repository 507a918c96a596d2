/// A file or collection of somebody's that somebody else has among their own. Kept in memory only.
struct Share: Sendable {
    /// The share's own.
    var id: Int
    /// The id of what is shared.
    var node: Int
    /// The id of the account that it is shared with.
    var recipient: String
    /// Its name there, at the top of their files.
    var name: String
    var permissions: SharePermissions
}
