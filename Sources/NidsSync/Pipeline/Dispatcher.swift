import Foundation
import Logging

/// Hands out the jobs that are due, each stage within its own bounds; memory does not grow with the backlog.
struct Dispatcher: Sendable {
    /// The end of the work.
    enum Ending: Sendable {
        /// Nothing is due, retries due before that time included.
        case whenDrained(patience: Date)
        /// Somebody asks to stop.
        case onStop
    }

    /// Jobs read from the state at once.
    static let batch = 200
    /// A job that came back without a date of its own is left alone for so long, in seconds.
    private static let returnPause: TimeInterval = 1

    let state: StateDatabase
    let lanes: [StaffedLane]
    let filter: JobFilter
    let limit: Int?
    let queue: JobQueue
    let wakeUp: WakeUp
    let breaker: CircuitBreaker
    let timing: Timing
    let stop: StopSignal
    let tally: PassTally
    let report: (@Sendable (PassProgress) -> Void)?

    /// Works until the end; what is in hand then is finished.
    /// - Throws: `DatabaseError`, and what is no fault of a sheet.
    func run(until ending: Ending) async throws {
        let total = min(limit ?? .max, try await state.read { try $0.counts.pending(filter) })
        try await withThrowingDiscardingTaskGroup { group in
            var readAt = timing.now()
            queue.refresh()
            while !stop.isRequested, !breaker.isRefused, !queue.isClosed, !group.isCancelled {
                let events = queue.events
                if try await state.write({ try $0.sortNewJobs(filter, limit: Self.batch) }) > 0 {
                    queue.refresh()
                    continue
                }
                for lane in lanes { try await admit(lane, &group) }
                show(total)
                guard try await rest(since: events, &readAt, ending) else { break }
            }
        }
        show(total)
    }

    private func admit(_ lane: StaffedLane, _ group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        var room = lane.capacity() - queue.count(in: lane.lane)
        guard room > 0 else { return }
        if queue.needsReading(lane.lane) {
            let events = queue.events
            // Beyond a limit, those that have begun may stand behind many that may not.
            let wanted = queue.isFull ? Int.max >> 1 : Self.batch + queue.busyCount
            let due = try await lane.due(wanted)
            queue.fill(lane.lane, due, isAll: due.count < wanted, at: timing.now(), since: events)
        }
        while room > 0, let id = queue.begin(lane.lane) {
            room -= 1
            group.addTask {
                defer { wakeUp.signal() }
                do { try await take(id, through: lane) } catch {
                    queue.close()
                    throw error
                }
            }
        }
    }

    private func take(_ id: Int64, through lane: StaffedLane) async throws {
        var outcome = try await lane.work(id)
        // What is in hand when it is time to stop is finished.
        if case .goesOn(.delivering) = outcome, stop.isRequested || queue.isClosed,
            let delivering = lanes.first(where: { $0.lane == .delivering })
        {
            outcome = try await delivering.work(id)
        }
        queue.end(id, in: lane.lane, outcome, restingUntil: timing.now().addingTimeInterval(Self.returnPause))
    }

    /// Waits until there may be something to do.
    ///
    /// - Parameter readAt: the time at which the state was last read for what falls due in time.
    /// - Returns: `false` when the work is over.
    private func rest(since events: Int, _ readAt: inout Date, _ ending: Ending) async throws -> Bool {
        if timing.now() < readAt {
            // The clock was set back: what was read of due times means nothing.
            readAt = timing.now()
            queue.refresh()
            return true
        }
        var holds = true
        var last = Date.distantFuture
        if case .whenDrained(let patience) = ending { (holds, last) = (false, patience) }
        let (since, countsHolds) = (readAt, holds)
        let times = [
            try await state.read { try $0.jobs.nextDue(after: since, holds: countsHolds) },
            breaker.nextTry(after: readAt), queue.nextReturn(after: readAt),
        ]
        let wake = times.compactMap { $0 }.min().flatMap { $0 <= last ? $0 : nil }
        if case .whenDrained = ending, wake == nil, queue.isIdle(since: events) { return false }
        if wake.map({ $0 > timing.now() }) ?? true { await wakeUp.wait(until: wake, timing, stop) }
        let now = timing.now()
        if let wake, now >= wake {
            readAt = now
            queue.refresh()
        }
        return true
    }

    private func show(_ total: Int) {
        let finished = queue.finishedCount
        report?(PassProgress(finished: finished, total: max(total, finished), failed: tally.current.failed.count))
    }
}
