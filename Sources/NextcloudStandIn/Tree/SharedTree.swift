import Synchronization

/// The one tree, behind its lock.
final class SharedTree: Sendable {
    let mutex: Mutex<Tree>

    init(store: String, users: [String]) throws {
        mutex = Mutex(try Tree.open(store: store, users: users))
    }
}
