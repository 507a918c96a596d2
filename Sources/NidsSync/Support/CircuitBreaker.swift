import DAV
import Foundation
import Synchronization
import Transcriber

/// One circuit breaker for each thing that the work depends on: one that fails is left alone, then tried again with a
/// single request, at growing intervals.
final class CircuitBreaker: Sendable {
    /// Something that the work on several sheets needs.
    enum Dependency: Hashable, Sendable {
        case nextcloud
        case uploads
        /// One folder of results.
        case folder(RemotePath)
        case observations
        /// This machine: its disk, its files.
        case machine
        case model(String)
        /// A model's server, for sheets of several pages.
        case severalPages(String)
    }

    private struct Opening {
        var outage: Outage
        var until: Date
        /// The pause that this was, in seconds.
        var pause: TimeInterval
        var tries: Int

        /// Its end lies ahead.
        func isAhead(of now: Date) -> Bool { until > now && !isBeyond(now) }

        /// Its end is further ahead than the pause is long: reckoned by a clock that was set back since.
        func isBeyond(_ now: Date) -> Bool { until < .distantFuture && until.timeIntervalSince(now) > pause + 1 }
    }

    private struct State {
        var openings: [Dependency: Opening] = [:]
        var refusal: Outage?
        /// Failures in a row, each of which may have been the one request's own.
        var failures: [Dependency: Int] = [:]
    }

    /// So many failures in a row are no chance.
    private static let failureLimit = 6

    private let state = Mutex(State())
    private let models: [String]
    private let triesAgain: Bool
    private let now: @Sendable () -> Date
    private let closed: @Sendable () -> Void

    /// - Parameters:
    ///   - models: the labels of all models.
    ///   - triesAgain: `true` where what failed is tried again by itself; else only when the other side said when.
    ///   - closed: is called when a dependency that had failed works again.
    init(
        models: [String], triesAgain: Bool, now: @escaping @Sendable () -> Date,
        closed: @escaping @Sendable () -> Void
    ) {
        self.models = models
        self.triesAgain = triesAgain
        self.now = now
        self.closed = closed
    }

    /// Opens the circuit: nothing is asked of the dependency until its pause is over.
    ///
    /// - Parameter retryAfter: the pause that the other side named.
    /// - Returns: `true` when the circuit was closed before, or its pause over.
    @discardableResult
    func open(_ dependency: Dependency, _ outage: Outage, retryAfter: Duration? = nil) -> Bool {
        let now = now()
        return state.withLock { state in
            let before = state.openings[dependency]
            let isKnown = before.map { $0.isAhead(of: now) } ?? false
            // Requests that were under way when it failed say nothing new.
            if isKnown, retryAfter == nil { return false }
            let tries = (before?.tries ?? 0) + (isKnown ? 0 : 1)
            let pause = Self.pause(after: tries, outage, retryAfter)
            var until = triesAgain || retryAfter != nil ? now.addingTimeInterval(pause) : .distantFuture
            // A request that was under way does not shorten the time that another one was told.
            if isKnown, let before { until = max(until, before.until) }
            state.openings[dependency] = Opening(
                outage: outage, until: until,
                pause: max(pause, until == .distantFuture ? 0 : until.timeIntervalSince(now)),
                tries: tries)
            return !isKnown
        }
    }

    private static func pause(after tries: Int, _ outage: Outage, _ retryAfter: Duration?) -> TimeInterval {
        if outage.isOfModel { return PauseSchedule.wait(attempt: tries, retryAfter: retryAfter).seconds }
        let schedule: BackoffSchedule =
            switch outage {
            case .observations: .database
            case _ where outage.isEndedByPerson: .rights
            default: .dependency
            }
        // Servers that say 0 or 1 are not asked again and again at once.
        return retryAfter.map { max($0.seconds, schedule.first) } ?? schedule.pause(after: tries)
    }

    /// Counts a failure that may have been the one request's own: several in a row open the circuit.
    func recordFailure(_ dependency: Dependency, _ outage: Outage, retryAfter: Duration?) {
        let isOut = state.withLock { state in
            state.failures[dependency, default: 0] += 1
            return state.failures[dependency, default: 0] >= Self.failureLimit
        }
        if isOut { open(dependency, outage, retryAfter: retryAfter) }
    }

    /// Closes the circuit after a request that went well. Before the pause is over, that request had begun before the
    /// failure and proves nothing: the circuit stays open.
    ///
    /// - Returns: `true` when the circuit was open before.
    @discardableResult
    func recordSuccess(_ dependency: Dependency) -> Bool {
        let now = now()
        let wasOpen = state.withLock { state in
            state.failures[dependency] = nil
            guard let opening = state.openings[dependency], !opening.isAhead(of: now) else { return false }
            state.openings[dependency] = nil
            return true
        }
        if wasOpen { closed() }
        return wasOpen
    }

    /// Closes the circuit because something has shown that the dependency works.
    func close(_ dependency: Dependency) {
        let wasOpen = state.withLock { state in
            state.failures[dependency] = nil
            return state.openings.removeValue(forKey: dependency) != nil
        }
        if wasOpen { closed() }
    }

    /// Closes the circuits of all models but the paused ones, because a person wants them to be tried.
    func closeModels(besides paused: Set<String>) {
        state.withLock { state in
            for model in models where !paused.contains(model) {
                state.openings[.model(model)] = nil
                state.failures[.model(model)] = nil
            }
        }
        closed()
    }

    /// Stops everything because a login is refused: servers throttle those who insist.
    func refuse(_ outage: Outage) { state.withLock { $0.refusal = outage } }

    /// Set when there is no use in going on: a login is refused, or, where it would be tried for ever, every model's
    /// key.
    var isRefused: Bool {
        state.withLock { state in
            state.refusal != nil
                || triesAgain && !models.isEmpty
                    && models.allSatisfy { state.openings[.model($0)]?.outage.isRefusedKey == true }
        }
    }
}

extension CircuitBreaker {
    /// The number of requests that may be under way at once: `full`, one to try, or none.
    func capacity(_ dependency: Dependency, full: Int) -> Int {
        let now = now()
        return state.withLock { state in
            guard state.refusal == nil else { return 0 }
            guard let opening = state.openings[dependency] else { return full }
            return opening.isAhead(of: now) ? 0 : min(1, full)
        }
    }

    func isOpen(_ dependency: Dependency) -> Bool { capacity(dependency, full: 1) == 0 }

    /// Lets one request try what failed, once the pause is over; the others wait for another pause, or until it went
    /// well.
    ///
    /// - Returns: the time to wait, `nil` where the request may be made.
    func turn(_ dependency: Dependency, pause: TimeInterval) -> Duration? {
        let now = now()
        return state.withLock { state in
            guard let opening = state.openings[dependency] else { return nil }
            if !opening.isAhead(of: now) {
                state.openings[dependency]?.until = now + pause
                state.openings[dependency]?.pause = pause
                return nil
            }
            return .seconds(opening.until.timeIntervalSince(now))
        }
    }

    /// The end of the pause; `nil` where the circuit is closed, or stays open for the rest of the pass.
    func openUntil(_ dependency: Dependency) -> Date? {
        state.withLock { $0.openings[dependency]?.until }.flatMap { $0 < .distantFuture ? $0 : nil }
    }

    /// The reason why nothing may be asked of the dependency now, `nil` where something may.
    func reason(_ dependency: Dependency) -> String? {
        let now = now()
        return state.withLock { state in
            if let refusal = state.refusal { return refusal.explanation }
            guard let opening = state.openings[dependency], opening.isAhead(of: now) else { return nil }
            return opening.outage.explanation
        }
    }

    /// The first end of a pause after that time.
    func nextTry(after date: Date) -> Date? {
        let now = now()
        return state.withLock { state in
            state.openings.values.filter { $0.until > date && $0.until < .distantFuture && !$0.isBeyond(now) }
                .map(\.until).min()
        }
    }

    /// Everything that fails, as it was found last.
    var outages: [Outage] {
        state.withLock { state in Array(Set(state.openings.values.map(\.outage) + [state.refusal].compactMap { $0 })) }
    }

    /// Stops the work on a sheet that needs something which fails just now.
    /// - Throws: `WorkFault.waiting`.
    func require(_ dependency: Dependency) throws(WorkFault) {
        if let reason = reason(dependency) { throw .waiting(reason: reason) }
    }
}
