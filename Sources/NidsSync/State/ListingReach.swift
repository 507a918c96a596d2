import DAV
import GRDB

/// The part of the tree that a listing which ended properly has shown.
enum ListingReach: Sendable {
    /// Everything directly in a collection.
    case children(of: RemotePath)
    /// Everything below a collection, and it is not there any more.
    case nothing(below: RemotePath)
    /// Everything below the root.
    case everything

    /// The condition on a table's columns of paths and folders.
    func condition(path: SQL, folder: SQL) -> SQL {
        switch self {
        case .children(let collection): "\(folder) = \(collection)"
        case .nothing(let collection):
            "\(path) >= \(collection.descendants.low) AND \(path) < \(collection.descendants.high)"
        case .everything: "1"
        }
    }
}
