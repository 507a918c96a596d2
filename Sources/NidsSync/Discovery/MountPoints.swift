import DAV

/// The collections below the root in which external storages are mounted, as listings name them: the first one on a way
/// down whose rights say so.
///
/// While such a storage is away Nextcloud shows its collection as empty, or not at all, beside others that it shows as
/// ever (measured on Nextcloud 34): what it held is neither moved nor deleted then.
struct MountPoints: Sendable, Equatable {
    private(set) var paths: Set<RemotePath> = []

    init() {}

    /// Those remembered.
    init(remembered text: String?) {
        paths = Set((text ?? "").split(separator: "\n").compactMap { RemotePath(String($0)) })
    }

    /// As they are remembered.
    var text: String { paths.map(\.description).sorted().joined(separator: "\n") }

    /// Takes in a collection as its parent's listing shows it.
    mutating func note(_ collection: Resource, isParentMounted: Bool) {
        guard collection.isMounted, !isParentMounted, !collection.path.isRoot else {
            // A folder of the account's own may take the place of a storage that is not mounted there any more.
            if !paths.isEmpty { paths.remove(collection.path) }
            return
        }
        paths.insert(collection.path)
    }

    /// The one in which something lies.
    func point(of path: RemotePath) -> RemotePath? { paths.first { path.isInside($0) } }
}
