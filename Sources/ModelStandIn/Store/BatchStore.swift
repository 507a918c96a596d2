import Synchronization

/// The batches.
final class BatchStore: Sendable {
    /// A batch and what belongs to it.
    struct Entry: Sendable {
        var batch: ModelBatch
        /// A file of lines, whether it came as a file or in the request.
        var input: String
        var results: [[String: any Sendable]]?
        var fault: GoogleFault?
        var isBeingDone = false
    }

    private let entries = Mutex<[Entry]>([])

    /// The newest first.
    var all: [Entry] { entries.withLock { $0.reversed() } }

    func entry(_ name: String) -> Entry? { entries.withLock { $0.first { $0.batch.name == name } } }

    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }

    func update<Value: Sendable>(_ name: String, _ change: (inout Entry) -> Value) -> Value? {
        entries.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.batch.name == name }) else { return nil }
            return change(&entries[index])
        }
    }

    func delete(_ name: String) -> Bool {
        entries.withLock { entries in
            let before = entries.count
            entries.removeAll { $0.batch.name == name }
            return entries.count < before
        }
    }
}
