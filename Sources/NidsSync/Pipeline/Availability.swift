import Foundation
import Synchronization
import Transcriber

/// What sheets need, and whether it can be had: one that fails is tried again with one request, at growing intervals.
final class Availability: Sendable {
    enum Need: Hashable, Sendable {
        case nextcloud
        case uploads
        case observations
        case model(String)
    }

    private struct Closure {
        var outage: Outage
        var until: Date
        var tries: Int
    }

    private struct State {
        var closures: [Need: Closure] = [:]
        var refusal: Outage?
        /// Failures in a row, each of which may have been the one request's own.
        var strikes: [Need: Int] = [:]
    }

    /// So many failures in a row are no chance.
    private static let strikeLimit = 6

    private static let firstPause: TimeInterval = 15
    private static let longestPause: TimeInterval = 300

    private let state = Mutex(State())
    private let models: [String]
    private let triesAgain: Bool
    private let now: @Sendable () -> Date
    private let reopened: @Sendable () -> Void

    /// - Parameters:
    ///   - models: the labels of all models.
    ///   - triesAgain: whether what failed is tried again by itself; if not, only when the other side said when.
    ///   - reopened: is told when something that could not be had is there again.
    init(
        models: [String], triesAgain: Bool, now: @escaping @Sendable () -> Date,
        reopened: @escaping @Sendable () -> Void
    ) {
        self.models = models
        self.triesAgain = triesAgain
        self.now = now
        self.reopened = reopened
    }

    /// It cannot be had.
    ///
    /// - Returns: whether that was not known.
    @discardableResult
    func close(_ need: Need, _ outage: Outage, retryAfter: Duration? = nil) -> Bool {
        let now = now()
        return state.withLock { state in
            let before = state.closures[need]
            let isKnown = before.map { $0.until > now } ?? false
            // Those that were under way when it failed say nothing new.
            if isKnown, retryAfter == nil { return false }
            let tries = (before?.tries ?? 0) + (isKnown ? 0 : 1)
            let pause = Self.pause(after: tries, outage, retryAfter)
            var until = triesAgain || retryAfter != nil ? now.addingTimeInterval(pause) : .distantFuture
            // What one names, another that was under way does not shorten.
            if isKnown, let before { until = max(until, before.until) }
            state.closures[need] = Closure(outage: outage, until: until, tries: tries)
            return !isKnown
        }
    }

    private static func pause(after tries: Int, _ outage: Outage, _ retryAfter: Duration?) -> TimeInterval {
        if outage.isOfModel { return PauseSchedule.wait(attempt: tries, retryAfter: retryAfter).seconds }
        return retryAfter?.seconds ?? min(longestPause, firstPause * pow(2, Double(min(tries, 20) - 1)))
    }

    /// Until when it is left alone; `nil` where it can be had, or is left alone for the rest of the pass.
    func closedUntil(_ need: Need) -> Date? {
        state.withLock { $0.closures[need]?.until }.flatMap { $0 < .distantFuture ? $0 : nil }
    }

    /// One request failed, as if it could not be had: several in a row, and it cannot.
    func strike(_ need: Need, _ outage: Outage, retryAfter: Duration?) {
        let isOut = state.withLock { state in
            state.strikes[need, default: 0] += 1
            return state.strikes[need, default: 0] >= Self.strikeLimit
        }
        if isOut { close(need, outage, retryAfter: retryAfter) }
    }

    /// It was had. Before its time, that was by somebody who had begun earlier, and says nothing.
    ///
    /// - Returns: whether it could not be had before.
    @discardableResult
    func reopen(_ need: Need) -> Bool {
        let now = now()
        let wasClosed = state.withLock { state in
            state.strikes[need] = nil
            guard let closure = state.closures[need], closure.until <= now else { return false }
            state.closures[need] = nil
            return true
        }
        if wasClosed { reopened() }
        return wasClosed
    }

    /// A person wants the models to be tried, whatever kept them from answering, but for these.
    func wakeModels(besides resting: Set<String>) {
        state.withLock { state in
            for model in models where !resting.contains(model) {
                state.closures[.model(model)] = nil
                state.strikes[.model(model)] = nil
            }
        }
        reopened()
    }

    /// A login is refused: nothing goes on, since servers throttle those who insist.
    func refuse(_ outage: Outage) { state.withLock { $0.refusal = outage } }

    /// Whether to give up: a login is refused, or, where it would be tried for ever, the key of every model.
    var isRefused: Bool {
        state.withLock { state in
            state.refusal != nil
                || triesAgain && !models.isEmpty
                    && models.allSatisfy { state.closures[.model($0)]?.outage.isRefusedKey == true }
        }
    }

    /// How many may use it at once: all, one to try, or none.
    func capacity(_ need: Need, full: Int) -> Int {
        let now = now()
        return state.withLock { state in
            guard state.refusal == nil else { return 0 }
            guard let closure = state.closures[need] else { return full }
            return closure.until <= now ? min(1, full) : 0
        }
    }

    func isClosed(_ need: Need) -> Bool { capacity(need, full: 1) == 0 }

    /// Why it cannot be had, in words.
    func reason(_ need: Need) -> String? {
        let now = now()
        return state.withLock { state in
            if let refusal = state.refusal { return refusal.explanation }
            guard let closure = state.closures[need], closure.until > now else { return nil }
            return closure.outage.explanation
        }
    }

    /// When the next of them after that time is tried again.
    func nextTry(after date: Date) -> Date? {
        state.withLock { state in
            state.closures.values.map(\.until).filter { $0 > date && $0 < .distantFuture }.min()
        }
    }

    /// Everything that cannot be had, as it was found last.
    var outages: [Outage] {
        state.withLock { state in state.closures.values.map(\.outage) + [state.refusal].compactMap { $0 } }
    }
}
