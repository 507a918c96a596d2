import Foundation
import Logging

/// Hands out the jobs that are due, each stage within its own bounds; memory does not grow with the backlog.
struct Dispatcher: Sendable {
    /// When the work is over.
    enum Ending: Sendable {
        /// When nothing is due, retries due before that time included.
        case whenDrained(patience: Date)
        /// When somebody asks to stop.
        case onStop
    }

    /// Jobs read from the state at once.
    static let batch = 200
    /// A job that came back without a date of its own is left alone for so long, in seconds.
    private static let rest: TimeInterval = 1

    let worker: SheetWorker
    let desk: BatchDesk
    let filter: JobFilter
    let limit: Int?
    let board: LaneBoard
    let pulse: Pulse
    let report: (@Sendable (PassProgress) -> Void)?

    var state: StateStore { worker.state }
    var availability: Availability { worker.availability }
    private var timing: Timing { worker.timing }

    static func lanes(models: [String]) -> [Lane] {
        [.delivering, .adopting] + models.flatMap { [.asking(model: $0), .batching(model: $0)] }
    }

    /// Works until the end; what is in hand then is finished.
    func run(until ending: Ending) async throws {
        let lanes = Self.lanes(models: filter.models)
        let total = min(limit ?? .max, try await state.pendingCount(filter))
        try await withThrowingDiscardingTaskGroup { group in
            var readAt = timing.now()
            board.refresh(lanes)
            while !worker.stop.isRequested, !availability.isRefused, !board.isClosed, !group.isCancelled {
                let events = board.events
                if try await state.triage(filter, limit: Self.batch) > 0 {
                    board.refresh(lanes)
                    continue
                }
                for lane in lanes { try await admit(lane, &group) }
                show(total)
                guard try await rest(since: events, &readAt, ending, lanes) else { break }
            }
        }
        show(total)
    }

    private func admit(_ lane: Lane, _ group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        var room = try await capacity(of: lane) - board.count(in: lane)
        guard room > 0 else { return }
        if board.needsReading(lane) {
            let events = board.events
            // Beyond a limit, those that have begun may stand behind many that may not.
            let wanted = board.isFull ? Int.max >> 1 : Self.batch + board.busyCount
            let due = try await due(in: lane, limit: wanted)
            board.fill(lane, due, isAll: due.count < wanted, at: timing.now(), since: events)
        }
        while room > 0, let id = board.begin(lane) {
            room -= 1
            group.addTask {
                defer { pulse.beat() }
                do { try await take(id, through: lane) } catch {
                    board.close()
                    throw error
                }
            }
        }
    }

    private func take(_ id: Int64, through lane: Lane) async throws {
        var outcome = try await work(on: id, in: lane)
        // What is in hand when it is time to stop is finished.
        if case .goesOn(.delivering) = outcome, worker.stop.isRequested || board.isClosed {
            outcome = try await work(on: id, in: .delivering)
        }
        board.end(id, in: lane, outcome, restingUntil: timing.now().addingTimeInterval(Self.rest))
    }

    /// Waits until there may be something to do.
    ///
    /// - Parameter readAt: when the state was last read for what falls due in time.
    /// - Returns: `false` when the work is over.
    private func rest(since events: Int, _ readAt: inout Date, _ ending: Ending, _ lanes: [Lane]) async throws -> Bool {
        var holds = true
        var last = Date.distantFuture
        if case .whenDrained(let patience) = ending { (holds, last) = (false, patience) }
        let times = [
            try await state.nextDue(after: readAt, holds: holds), availability.nextTry(after: readAt),
            board.nextReturn(after: readAt),
        ]
        let wake = times.compactMap { $0 }.min().flatMap { $0 <= last ? $0 : nil }
        if case .whenDrained = ending, wake == nil, board.isIdle(since: events) { return false }
        if wake.map({ $0 > timing.now() }) ?? true { await pulse.wait(until: wake, timing, worker.stop) }
        let now = timing.now()
        if let wake, now >= wake {
            readAt = now
            board.refresh(lanes)
        }
        return true
    }

    private func show(_ total: Int) {
        let finished = board.finishedCount
        report?(
            PassProgress(
                finished: finished, total: max(total, finished), failed: worker.tally.current.failed.count))
    }
}
