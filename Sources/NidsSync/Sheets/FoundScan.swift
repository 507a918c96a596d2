import DAV

/// A scan as a listing names it.
struct FoundScan: Sendable {
    var resource: Resource
    var name: PageName
    /// The reason why it is left out, in words; `nil` for a scan to work on.
    var leftOut: String?
    /// The key that the folders of its sheet's preparations have in common, its folder's own path where there are none.
    var family: [UInt8]

    /// Set where other folders may hold preparations of the same sheet.
    var isAmongVariants: Bool { family != (resource.path.parent ?? .root).bytes }

    /// - Parameter family: `nil` for the folder's own path.
    init(resource: Resource, name: PageName, leftOut: String? = nil, family: [UInt8]? = nil) {
        self.resource = resource
        self.name = name
        self.leftOut = leftOut
        self.family = family ?? (resource.path.parent ?? .root).bytes
    }
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
