import Synchronization

/// Models whose batches could not be sent: no more is gathered until they can.
final class StuckModels: Sendable {
    private let models = Mutex<Set<String>>([])

    func contains(_ model: String) -> Bool { models.withLock { $0.contains(model) } }

    func mark(_ model: String, isStuck: Bool) {
        models.withLock { if isStuck { $0.insert(model) } else { $0.remove(model) } }
    }
}
