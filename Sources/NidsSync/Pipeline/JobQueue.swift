import Foundation
import Synchronization

/// The jobs that are in each lane, and those that come next.
final class JobQueue: Sendable {
    private struct State {
        var running: [Lane: Set<Int64>] = [:]
        var ready: [Lane: [DueJob]] = [:]
        /// Lanes that may have more due jobs than are ready.
        var unread: Set<Lane> = []
        /// Jobs that came back without having been done, and until when they are left alone.
        var aside: [Int64: Date] = [:]
        var admitted: Set<Int64> = []
        var finished = 0
        var runsAlone = false
        var isClosed = false
        /// Counts what may have made room or brought work.
        var events = 0
    }

    private let state = Mutex(State())
    private let lanes: Set<Lane>
    private let limit: Int

    /// - Parameter limit: the number of jobs that are worked on at all.
    init(lanes: [Lane], limit: Int?) {
        self.lanes = Set(lanes)
        self.limit = limit ?? .max
    }

    /// Everything may have changed: all lanes are read again.
    func refresh() {
        state.withLock { state in
            state.unread.formUnion(lanes)
            state.ready = [:]
            state.events += 1
        }
    }

    /// Counts what has happened so far.
    var events: Int { state.withLock { $0.events } }

    /// `true` when no job is being worked on, and nothing has happened since.
    func isIdle(since events: Int) -> Bool {
        state.withLock { $0.events == events && $0.running.values.allSatisfy(\.isEmpty) }
    }

    /// No job begins any more.
    func close() { state.withLock { $0.isClosed = true } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func needsReading(_ lane: Lane) -> Bool {
        state.withLock { $0.unread.contains(lane) && ($0.ready[lane] ?? []).isEmpty }
    }

    func count(in lane: Lane) -> Int { state.withLock { $0.running[lane]?.count ?? 0 } }

    /// The number of those that may be among the due jobs although they cannot be taken.
    var busyCount: Int { state.withLock { $0.running.values.reduce($0.aside.count) { $0 + $1.count } } }

    var finishedCount: Int { state.withLock { $0.finished } }

    /// The due jobs of a lane, all of them or the first, as they were read after so many events.
    func fill(_ lane: Lane, _ jobs: [DueJob], isAll: Bool, at now: Date, since events: Int) {
        state.withLock { state in
            state.aside = state.aside.filter { Self.rests($0.value, now) }
            let before = state.ready[lane] ?? []
            var busy = state.running.values.reduce(into: Set(state.aside.keys)) { $0.formUnion($1) }
            busy.formUnion(before.map(\.id))
            let new = jobs.filter { !busy.contains($0.id) }
            state.ready[lane] = before + new
            if isAll || new.isEmpty, state.events == events { state.unread.remove(lane) }
        }
    }

    /// Set where no job may begin that has not begun before.
    var isFull: Bool { state.withLock { $0.admitted.count >= limit } }

    /// Takes the next job of a lane, `nil` when there is none that may begin now.
    ///
    /// A scan on which the process died twice is worked on alone, so that a third death is known to be its doing.
    func begin(_ lane: Lane) -> Int64? {
        state.withLock { state in
            guard !state.runsAlone, let ready = state.ready[lane], !ready.isEmpty else { return nil }
            let isFull = state.admitted.count >= limit
            guard let index = ready.firstIndex(where: { !isFull || state.admitted.contains($0.id) }) else {
                state.ready[lane] = []
                return nil
            }
            let first = ready[index]
            let isSuspect = first.starts >= Asker.startLimit - 1
            if isSuspect, !state.running.values.allSatisfy(\.isEmpty) { return nil }
            state.ready[lane]?.remove(at: index)
            if limit < .max { state.admitted.insert(first.id) }
            state.runsAlone = isSuspect
            state.running[lane, default: []].insert(first.id)
            return first.id
        }
    }

    /// A job has left its lane.
    ///
    /// - Parameter restingUntil: until when it is left alone if it came back as it was.
    func end(_ id: Int64, in lane: Lane, _ outcome: WorkOutcome, restingUntil: Date) {
        state.withLock { state in
            state.running[lane]?.remove(id)
            // Models may have waited until it is known what was there before.
            if lane == .adopting { state.unread.formUnion(lanes) }
            state.runsAlone = false
            state.events += 1
            switch outcome {
            case .goesOn(.delivering): state.ready[.delivering, default: []].append(DueJob(id: id, starts: 0))
            // The lane says whether it may be asked.
            case .goesOn(let next): state.unread.insert(next)
            case .ended: state.finished += 1
            case .postponed: state.unread.insert(lane)
            case .returned:
                state.aside[id] = restingUntil
                state.unread.insert(lane)
            }
        }
    }

    /// `true` until that time; nobody rests for a minute, unless the clock was set back.
    private static func rests(_ until: Date, _ now: Date) -> Bool { until > now && until < now + 60 }

    /// The time at which the first of those set aside may be taken again.
    func nextReturn(after now: Date) -> Date? {
        state.withLock { $0.aside.values.filter { Self.rests($0, now) }.min() }
    }
}
