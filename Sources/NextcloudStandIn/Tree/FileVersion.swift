/// A content that a file had before.
struct FileVersion: Sendable, Hashable {
    /// The time of its last change in seconds since 1970, which is its name.
    var seconds: Int
    var size: Int
    var author: String?
}
