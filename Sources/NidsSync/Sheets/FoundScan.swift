import DAV

/// A scan as a listing names it.
struct FoundScan: Sendable {
    var resource: Resource
    var name: PageName
    /// The reason why it is left out, in words; `nil` for a scan to work on.
    var leftOut: String?
}

/// A collection as a listing names it.
struct FoundCollection: Sendable {
    var path: RemotePath
    var etag: String?
    var fileID: String?
}

/// A sheet whose plain result name was taken when it was found.
struct ContestedSheet: Sendable {
    var id: Int64
    var folder: RemotePath
    var path: RemotePath
    var fileID: String?
    var model: String
}
