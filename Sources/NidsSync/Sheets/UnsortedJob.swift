import DAV

/// A new job, of which it is not known whether its result is there already.
struct UnsortedJob: Sendable {
    var id: Int64
    var sheet: Int64
    /// The place of its result, `nil` where there can be none.
    var place: RemotePath?
    /// Set where files of this job have been in Nextcloud before.
    var isPublished: Bool
}
