import Foundation
import GRDB
import Logging
import Synchronization

/// The room that the state needs on its disk. An answer has its place there before it is asked for, and one that cannot
/// be stored is kept in memory until there is room.
///
/// The place is a file of its own, `reserve`, which is given up when a write finds the disk full.
final class StateRoom: Sendable {
    /// The room for the database's own files to grow.
    private static let base = 2 << 20
    /// The room for one answer: its text, and the pages of the log that it changes.
    private static let answer = 256 << 10
    /// The steps in which the reserve grows.
    private static let step = 4 << 20
    /// The pause before what could not be stored is tried again.
    private static let pause = Duration.seconds(2)

    private struct State {
        var awaited = 0
        var reserved = 0
        /// Since when nothing can be stored.
        var shortSince: Date?
        var toldAt: Date?
        /// The time for which what cannot be stored is tried again; `nil` until somebody asks to stop.
        var patience: Duration? = .seconds(30)
    }

    let directory: String
    private let stop: StopSignal
    private let grace: Duration
    private let timing: Timing
    private let logger: Logger?
    private let state = Mutex(State())

    private var path: String { directory + "/reserve" }

    /// - Parameters:
    ///   - directory: the state's folder.
    ///   - stop: ends the patience.
    ///   - grace: the time that what cannot be stored has after that.
    init(directory: String, stop: StopSignal, grace: Duration, timing: Timing, logger: Logger?) {
        self.directory = directory
        self.stop = stop
        self.grace = grace
        self.timing = timing
        self.logger = logger
    }

    /// A daemon waits until there is room again.
    func waitForEver() { state.withLock { $0.patience = nil } }

    /// Makes sure of the room for one more answer; `giveBack()` ends that.
    /// - Throws: `StateError.wanting`.
    func claim() throws(StateError) {
        let code = state.withLock { state in
            let needed = Self.base + Self.answer * (state.awaited + 1)
            let code = needed <= state.reserved && state.shortSince == nil ? 0 : reserve(needed, &state)
            if code == 0 { state.awaited += 1 }
            return code
        }
        guard code == 0 else {
            let fault = StateError.wanting(path: directory, reason: DiskRoom.reason(code, directory))
            noteShortage(fault)
            throw fault
        }
    }

    /// The answer is stored, or will not come.
    func giveBack() { state.withLock { $0.awaited -= 1 } }

    /// - Returns: 0, or the number of the C library for what is in the way.
    private func reserve(_ needed: Int, _ state: inout State) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let size = (needed + Self.step - 1) / Self.step * Self.step
        let code = posix_fallocate(descriptor, 0, off_t(size))
        guard code == 0 else {
            // What it got of it is not kept from others.
            ftruncate(descriptor, 0)
            state.reserved = 0
            return code
        }
        state.reserved = size
        endShortage(&state)
        return 0
    }

    /// Does what stores something, again and again while the machine stands in the way.
    ///
    /// - Parameter keeps: `true` for what would be lost and has been paid for: only a stop ends that.
    /// - Throws: `StateError.wanting` when the patience is over, `StateError.removed`, and what the work throws.
    func storing<Value>(
        keeps: Bool, in presence: StatePresence?, _ work: () async throws -> Value
    ) async throws -> Value {
        let began = ContinuousClock.now
        var (waited, sinceStop, isFirst) = (Duration.zero, Duration.zero, true)
        while true {
            do {
                let value = try await work()
                if waited > .zero { state.withLock { endShortage(&$0) } }
                return value
            } catch let error as DatabaseError where error.isOfMachine {
                // No waiting brings back a folder that is gone.
                try presence?.verify()
                // Another write may have given up the reserve just before.
                if giveUpReserve() || isFirst {
                    isFirst = false
                    continue
                }
                let fault = StateError.wanting(path: directory, reason: error.reason(in: directory))
                noteShortage(fault)
                let patience = state.withLock { $0.patience }
                let isOver = stop.isRequested ? sinceStop >= grace : !keeps && (patience.map { waited >= $0 } ?? false)
                if isOver || !keeps && Task.isCancelled { throw fault }
                // Not cut short by the task's end: an answer outlives that.
                try? await timing.sleep(Self.pause)
                waited = max(waited + Self.pause, ContinuousClock.now - began)
                if stop.isRequested { sinceStop += Self.pause }
            }
        }
    }

    /// - Returns: `true` where there was some room to give up.
    private func giveUpReserve() -> Bool {
        state.withLock { state in
            // An earlier process may have left it.
            var status = stat()
            let had = stat(path, &status) == 0 && status.st_size > 0
            unlink(path)
            state.reserved = 0
            if state.shortSince == nil { state.shortSince = timing.now() }
            return had
        }
    }

    private func noteShortage(_ fault: StateError) {
        let now = timing.now()
        let isNews = state.withLock { state in
            if state.shortSince == nil { state.shortSince = now }
            guard abs(state.toldAt?.timeIntervalSince(now) ?? .infinity) >= 600 else { return false }
            state.toldAt = now
            return true
        }
        if isNews {
            logger?.error("nothing can be stored: no model is asked until it can", metadata: ["reason": "\(fault)"])
        }
    }

    private func endShortage(_ state: inout State) {
        if state.toldAt != nil { logger?.notice("what is to be stored can be stored again") }
        state.shortSince = nil
        state.toldAt = nil
    }
}
