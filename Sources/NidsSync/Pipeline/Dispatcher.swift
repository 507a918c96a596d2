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
    let filter: JobFilter
    let limit: Int?
    let board: LaneBoard
    let pulse: Pulse
    let report: (@Sendable (PassProgress) -> Void)?

    var state: StateStore { worker.state }
    var availability: Availability { worker.availability }
    private var timing: Timing { worker.timing }

    static func lanes(models: [String]) -> [Lane] { [.delivering, .adopting] + models.map { .asking(model: $0) } }

    /// Works until the end; what is in hand then is finished.
    func run(until ending: Ending) async throws {
        let lanes = Self.lanes(models: filter.models)
        let total = min(limit ?? .max, try await state.pendingCount(filter))
        try await withThrowingDiscardingTaskGroup { group in
            board.refresh(lanes)
            while !worker.stop.isRequested, !availability.isRefused, !board.isClosed, !group.isCancelled {
                let events = board.events
                if try await state.triage(filter, limit: Self.batch) > 0 {
                    board.refresh(lanes)
                    continue
                }
                for lane in lanes { try await admit(lane, &group) }
                show(total)
                guard try await rest(since: events, ending, lanes) else { break }
            }
        }
        show(total)
    }

    private func admit(_ lane: Lane, _ group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        var room = try await capacity(of: lane) - board.count(in: lane)
        guard room > 0 else { return }
        if board.needsReading(lane) {
            let wanted = Self.batch + board.busyCount
            let due = try await due(in: lane, limit: wanted)
            board.fill(lane, due, isAll: due.count < wanted, at: timing.now())
        }
        while room > 0, let id = board.begin(lane) {
            room -= 1
            group.addTask {
                var outcome = try await work(on: id, in: lane)
                // What is in hand when it is time to stop is finished.
                if case .goesOn(.delivering) = outcome, worker.stop.isRequested || board.isClosed {
                    outcome = try await work(on: id, in: .delivering)
                }
                board.end(id, in: lane, outcome, restingUntil: timing.now().addingTimeInterval(Self.rest))
                pulse.beat()
            }
        }
    }

    /// Waits until there may be something to do.
    /// - Returns: `false` when the work is over.
    private func rest(since events: Int, _ ending: Ending, _ lanes: [Lane]) async throws -> Bool {
        let now = timing.now()
        var wake: Date?
        switch ending {
        case .onStop:
            let due = try await state.nextDue(after: now, holds: true)
            wake = [due, availability.nextTry, board.nextReturn(after: now)].compactMap { $0 }.min()
        case .whenDrained(let patience):
            if board.isIdle(since: events) {
                let due = [
                    try await state.nextDue(after: now, holds: false), availability.nextTry,
                    board.nextReturn(after: now),
                ]
                guard let next = due.compactMap({ $0 }).min(), next <= patience else { return false }
                wake = next
            }
        }
        await pulse.wait(until: wake, timing, worker.stop)
        if let wake, timing.now() >= wake { board.refresh(lanes) }
        return true
    }

    private func show(_ total: Int) {
        let finished = board.finishedCount
        report?(
            PassProgress(
                finished: finished, total: max(total, finished), failed: worker.tally.current.failed.count))
    }
}
