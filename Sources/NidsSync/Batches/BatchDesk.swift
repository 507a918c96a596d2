import Foundation
import Logging
import Synchronization
import Transcriber

/// Gathers sheets into batches, sends these, and collects what came of them: half the price, within a day.
///
/// What is gathered is written to a file; only a complete file is sent, under a name of ours that is stored before.
/// Killed at any instant, the next start drops what was being gathered, and looks for that name before it sends.
final class BatchDesk: Sendable {
    /// A batch whose file is being written.
    struct Gathering: Sendable {
        var id: Int64
        var file: GeminiBatchFile
        var begun: Date
    }

    /// How long a daemon waits for more sheets before it sends what it has.
    static let gatheringTime: TimeInterval = 300
    /// Bytes after which a batch is sent: what lies on this disk, and what one broken connection costs.
    static let fileLimit = 500_000_000

    let worker: SheetWorker
    /// Whether new sheets go by batch.
    let isOpen: Bool
    let directory: String
    /// Is called when there is new work for the pipeline.
    let announce: @Sendable () -> Void
    let gatherings = Mutex<[String: Gathering]>([:])
    /// Writing and sending, one at a time for each model.
    let writing = KeyedGate<String>()
    /// Models whose batches could not be sent: no more is gathered until they can.
    private let stuck = Mutex<Set<String>>([])
    /// Models of which it is known whether a state of before has sent batches.
    let examined = Mutex<Set<String>>([])

    var state: StateStore { worker.state }
    var timing: Timing { worker.timing }
    var logger: Logger { worker.logger }

    /// - Parameter directory: the state's folder; a batch's file lies below it until it has been sent.
    init(worker: SheetWorker, isOpen: Bool, directory: String, announce: @escaping @Sendable () -> Void) {
        self.worker = worker
        self.isOpen = isOpen
        self.directory = directory + "/batches"
        self.announce = announce
    }

    /// Whether sheets for that model are gathered.
    func takes(_ model: String) -> Bool { isOpen && worker.engines[model]?.batching != nil }

    /// Whether a batch for that model could not be sent.
    func isStuck(_ model: String) -> Bool { stuck.withLock { $0.contains(model) } }

    func setStuck(_ model: String, _ isStuck: Bool) {
        stuck.withLock { if isStuck { $0.insert(model) } else { $0.remove(model) } }
    }

    /// Clears away what an earlier process was gathering.
    /// - Throws: `StateError.unwritable`.
    func prepare() async throws {
        try await state.discardGathering()
        let kept = Set(try await state.openBatches().map { requestsPath($0.id) })
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StateError.unwritable(path: directory, reason: (error as NSError).localizedDescription)
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            let path = directory + "/" + name
            if !kept.contains(path) { unlink(path) }
        }
    }

    /// Sends what is ready and collects what is done, again and again until the pass ends.
    func run(during run: PassRun) async throws {
        var isFirst = true
        while !worker.stop.isRequested, !run.ending.isRequested, !run.availability.isRefused, !Task.isCancelled {
            try await sendGathered(olderThan: Self.gatheringTime)
            try await attend(onlyDue: !isFirst)
            isFirst = false
            let timing = timing
            await worker.stop.sleep(Self.tick) { duration in await run.ending.sleep(duration, using: timing.sleep) }
        }
    }

    private static let tick = Duration.seconds(15)

    func requestsPath(_ batch: Int64) -> String { "\(directory)/\(batch).jsonl" }
    func resultsPath(_ batch: Int64) -> String { "\(directory)/\(batch).results.jsonl" }
}
