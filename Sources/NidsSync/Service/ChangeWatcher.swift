import DAV
import Foundation
import Logging

/// Looks for changes, once or again and again, and sees to what each look asks for.
struct ChangeWatcher: Sendable {
    let discovery: Discovery
    let settings: Settings
    let claim: RootClaim
    let once: OncePerProcess
    let timing: Timing
    let stop: StopSignal
    let isDryRun: Bool
    let isPartial: Bool
    let logger: Logger

    private var state: StateDatabase { discovery.state }

    /// Looks once.
    /// - Throws: `DAVError` where Nextcloud is out of reach, `PassError`, `DatabaseError`.
    func look() async throws -> LookOutcome {
        let isFull = try await isFullCheckDue()
        var outcome = try await discover(full: isFull)
        // What it could not see keeps no ETag, so that every look tries that again.
        if isFull {
            try await state.remember(.fullCheck, String(timing.now().timeIntervalSince1970))
        }
        if !once.jobsAreComplete {
            let models = settings.transcription.models
            try await state.write { tables in for model in models { try tables.jobs.makeMissing(model: model) } }
            once.jobsAreComplete = true
        }
        if outcome.hasWalked || !once.namesAreSettled {
            let names = ContestedNames(state: state, dav: discovery.dav, now: timing.now)
            once.namesAreSettled = try await names.settle()
        }
        guard !isDryRun else { return outcome }
        if outcome.hasWalked, outcome.isComplete {
            try await StrayAnswers(
                state: state, reader: ResultReader(state: state, dav: discovery.dav), models: discovery.models,
                logger: logger, now: timing.now
            ).gather()
        }
        try await variantReadings.gather()
        outcome.problems += try await lookAtResults(hasWalked: outcome.hasWalked)
        if outcome.hasWalked { try await claim.recheck(discovery.dav, state: state) }
        return outcome
    }

    private var variantReadings: VariantReadings {
        VariantReadings(
            state: state, reader: ResultReader(state: state, dav: discovery.dav), variants: discovery.rules.variants,
            models: discovery.models, pairWait: discovery.pairWait, logger: logger, now: timing.now)
    }

    private func lookAtResults(hasWalked: Bool) async throws -> [(path: String, reason: String)] {
        let (isDue, now) = (hasWalked || !once.resultsAreSeen, timing.now())
        let paths = try await state.read { tables in
            let changed = isDue ? try tables.publications.changed() : []
            return changed + (try tables.resultFiles.dueAgain(at: now)).filter { !changed.contains($0) }
        }
        let watch = ResultWatch(
            state: state, dav: discovery.dav, logger: logger, now: timing.now, readings: variantReadings)
        let notes = try await watch.look(at: paths)
        once.resultsAreSeen = true
        return notes
    }

    private func discover(full isFull: Bool) async throws -> LookOutcome {
        let root = settings.nextcloud.root
        do {
            return try await timing.insisting(stop) {
                try await discovery.look(full: isFull, mayWithdraw: !isPartial)
            }
        } catch let error as DAVError where error.kind == .notFound && error.proof != .nothing {
            // A folder below that vanishes costs that folder alone: it is the root itself. A storage that is away
            // answers the same as a root that was deleted.
            throw PassError.rootAway(root, user: settings.nextcloud.user)
        } catch let error as RootFault {
            logger.error("the root is another folder", metadata: ["reason": "\(error)"])
            throw PassError.otherRoot(root)
        }
    }

    /// Looks again and again until somebody asks to stop or a login is refused.
    /// - Throws: `PassError`, `DatabaseError`.
    func watch(_ run: PassRun) async throws {
        var lastWalk = Duration.zero
        var lastLook = Duration.zero
        while !stop.isRequested, !run.ending.isRequested, !run.breaker.isRefused, !Task.isCancelled {
            try await pause(try await interval(after: lastWalk, run) - lastLook, run)
            if stop.isRequested || run.ending.isRequested || Task.isCancelled { return }
            let began = ContinuousClock.now
            // From one look's beginning to the next one's, but never without a pause.
            defer { lastLook = min(ContinuousClock.now - began, settings.nextcloud.pollInterval / 2) }
            do {
                let outcome = try await look()
                run.breaker.recordSuccess(.nextcloud)
                if outcome.hasWalked {
                    lastWalk = ContinuousClock.now - began
                    run.announceWork()
                }
            } catch let error as DAVError {
                note(error, run.breaker)
            } catch let error as PassError {
                // A root that is away for a moment, a storage being mounted, is no reason to give up after weeks.
                guard error.mayPass else { throw error }
                logger.error("Nextcloud cannot be asked", metadata: ["reason": "\(error)"])
                run.breaker.open(.nextcloud, .nextcloud("\(error)"))
            }
        }
    }

    /// Waits for the next look; what another process writes to the state meanwhile is noticed sooner.
    private func pause(_ duration: Duration, _ run: PassRun) async throws {
        let timing = timing
        var left = duration
        repeat {
            let part = min(left, settings.nextcloud.pollInterval)
            await stop.sleep(part) { duration in await run.ending.sleep(duration, using: timing.sleep) }
            left -= part
            try state.presence?.verify()
            try await noticeClock(run)
            try await noticeWishes(run)
        } while left > .zero && !stop.isRequested && !run.ending.isRequested && !Task.isCancelled
    }

    /// The clock was set back: nothing waits until it shows again what it showed before.
    private func noticeClock(_ run: PassRun) async throws {
        let now = timing.now()
        guard once.clock.wasSetBack(to: now) else { return }
        logger.warning("the clock was set back: what waits is tried again", metadata: ["now": "\(now)"])
        let hold = settings.nextcloud.longestHold
        _ = try await state.write { try $0.dueTimes.settle(at: now, hold: hold, wasSetBack: true) }
        run.announceWork()
    }

    /// A person asked for another try: what `retry` wrote is work, and models that it woke are asked again.
    private func noticeWishes(_ run: PassRun) async throws {
        let version = try await state.version()
        guard version != once.stateVersion else { return }
        once.stateVersion = version
        let paused = Set(try await state.read { try $0.pauses.all() }.map(\.model))
        run.breaker.closeModels(besides: paused)
        run.announceWork()
    }

    /// After our own uploads: the root's new ETag is no reason to look.
    func settle(_ run: PassRun) async {
        guard run.ownUploads.explainNewETag, !run.breaker.isOpen(.nextcloud) else { return }
        do { try await discovery.settleRoot() } catch {
            // The next look lists what changed: more requests, nothing lost.
            logger.info("root not settled", metadata: ["reason": "\(error)"])
        }
    }

    /// A server that does not tell of changes is walked, never sooner than ten times the last walk took.
    private func interval(after walk: Duration, _ run: PassRun) async throws -> Duration {
        let nextcloud = settings.nextcloud
        let base =
            try await discovery.propagation() == .works
            ? nextcloud.pollInterval : max(nextcloud.walkInterval, walk * 10)
        guard run.breaker.isOpen(.nextcloud), let next = run.breaker.nextTry(after: timing.now()) else {
            return base
        }
        return max(base, .seconds(next.timeIntervalSince(timing.now())))
    }

    private func note(_ error: DAVError, _ breaker: CircuitBreaker) {
        let words = PassError.server(error, url: settings.nextcloud.url).description
        if error.kind == .unauthorized { return breaker.refuse(.loginRefused(words)) }
        logger.error("Nextcloud cannot be asked", metadata: ["reason": "\(words)"])
        breaker.open(.nextcloud, .nextcloud(words), retryAfter: error.retryAfter)
    }

    private func isFullCheckDue() async throws -> Bool {
        guard let last = try await state.recall(.fullCheck).flatMap(Double.init) else { return true }
        let passed = timing.now().timeIntervalSince1970 - last
        // A clock that was set back is no reason to put it off.
        return passed < 0 || passed >= settings.nextcloud.fullCheckInterval.seconds
    }
}
