/// A lock on a file (Nextcloud's files_lock).
struct UserLock: Sendable, Hashable {
    /// The id of the one who set it.
    var owner: String
    var displayName: String
    /// Seconds since 1970.
    var time: Int
    var token: String
    /// The app that holds it for somebody who has the file open (`text`): nobody may write then, the owner neither.
    var editor: String?
}
