public import Foundation
import Synchronization

extension ModelStandInServer {
    /// A batch of requests.
    public struct Batch: Sendable, Hashable {
        /// `batches/abc`.
        public var name: String
        public var model: String
        public var displayName: String
        /// The name of the file its requests come from; `nil` where they came with it.
        public var inputFile: String?
        public var created: Date
        public var state: BatchState
        /// The name of the file with its results.
        public var resultFile: String?
        public var requestCount = 0
        public var failedCount = 0
    }

    /// https://ai.google.dev/api/batch-api#BatchState
    public enum BatchState: String, Sendable, Hashable {
        case pending = "BATCH_STATE_PENDING"
        case running = "BATCH_STATE_RUNNING"
        case succeeded = "BATCH_STATE_SUCCEEDED"
        case failed = "BATCH_STATE_FAILED"
        case cancelled = "BATCH_STATE_CANCELLED"
        case expired = "BATCH_STATE_EXPIRED"

        var isDone: Bool { self != .pending && self != .running }
    }

    /// How a batch ends.
    public enum BatchOutcome: Sendable {
        /// Every line has its own result.
        case succeeded
        /// There are no results, with this reason.
        case failed(GoogleFault)
        /// It was not done within 48 hours; there are no results.
        case expired
    }
}

/// The batches.
final class BatchStore: Sendable {
    /// A batch and what belongs to it.
    struct Entry: Sendable {
        var batch: ModelStandInServer.Batch
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
