import Foundation
import Synchronization

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
    private let triesAgain: Bool
    private let now: @Sendable () -> Date
    private let reopened: @Sendable () -> Void

    /// - Parameters:
    ///   - triesAgain: whether what failed is tried again by itself; if not, only when the other side said when.
    ///   - reopened: is told when something that could not be had is there again.
    init(triesAgain: Bool, now: @escaping @Sendable () -> Date, reopened: @escaping @Sendable () -> Void) {
        self.triesAgain = triesAgain
        self.now = now
        self.reopened = reopened
    }

    /// It cannot be had.
    func close(_ need: Need, _ outage: Outage, retryAfter: Duration? = nil) {
        let now = now()
        state.withLock { state in
            let before = state.closures[need]
            // Those that were under way when it failed say nothing new.
            if let before, before.until > now, retryAfter == nil { return }
            let tries = (before?.tries ?? 0) + 1
            var pause = min(Self.longestPause, Self.firstPause * pow(2, Double(min(tries, 20) - 1)))
            if let retryAfter { pause = retryAfter.seconds }
            let until = triesAgain || retryAfter != nil ? now.addingTimeInterval(pause) : .distantFuture
            state.closures[need] = Closure(outage: outage, until: until, tries: tries)
        }
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
    func reopen(_ need: Need) {
        let now = now()
        let wasClosed = state.withLock { state in
            state.strikes[need] = nil
            guard let closure = state.closures[need], closure.until <= now else { return false }
            state.closures[need] = nil
            return true
        }
        if wasClosed { reopened() }
    }

    /// A login or a key is refused: nothing goes on, since servers throttle those who insist.
    func refuse(_ outage: Outage) { state.withLock { $0.refusal = outage } }

    var isRefused: Bool { state.withLock { $0.refusal != nil } }

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
