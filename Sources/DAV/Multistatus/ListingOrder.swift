/// Sees that a listing is a tree: no folder is its own descendant, and none lies deeper than folders do.
struct ListingOrder {
    /// Nobody sorts scans this deep; a folder that lists itself for ever comes to an end here.
    static let maximumDepth = 64

    /// The file ids of the collections seen, by their paths.
    private var identifiers: [RemotePath: String] = [:]

    /// The fault for which a resource cannot be taken, `nil` when it can.
    mutating func refusal(of resource: Resource) -> FailedEntry? {
        if resource.path.depth > Self.maximumDepth {
            return FailedEntry(
                path: resource.path,
                reason: "it lies more than \(Self.maximumDepth) folders deep: a folder may list itself")
        }
        guard resource.isCollection, let identifier = resource.fileID else { return nil }
        var ancestor = resource.path.parent
        while let path = ancestor {
            if identifiers[path] == identifier {
                return FailedEntry(path: resource.path, reason: "a folder lists itself as its own child")
            }
            ancestor = path.parent
        }
        identifiers[resource.path] = identifier
        return nil
    }
}
