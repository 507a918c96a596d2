import Foundation

/// How far a pass is, for people who watch.
public struct PassProgress: Sendable {
    /// Sheets finished in this pass, whatever came of them.
    public var finished: Int
    /// Sheets that this pass is about, as far as is known.
    public var total: Int
    /// Of the finished ones, those that failed.
    public var failed: Int
}

extension Pass {
    private static let batch = 200
    /// With more sheets than this to be paid for, somebody has to say what may be spent.
    private static let unbudgetedSheets = 500

    /// Works on everything that is due, then on retries that are due soon.
    func work(_ worker: SheetWorker?, _ filter: JobFilter, _ options: PassOptions, _ tally: PassTally) async throws {
        guard let worker else { return }
        let deadline = timing.now().addingTimeInterval(options.patience.seconds)
        var remaining = options.limit ?? Int.max
        while !stop.isRequested, !tally.isHalted {
            remaining -= try await round(worker, filter, limit: remaining, tally)
            if remaining <= 0 { return }
            guard let next = try await state.nextDue(filter), next <= deadline, timing.now() < deadline else { return }
            let wait = next.timeIntervalSince(timing.now())
            if wait > 0 { await stop.sleep(.seconds(wait), using: timing.sleep) }
        }
    }

    /// Works once on each job that is due; returns how many there were.
    private func round(_ worker: SheetWorker, _ filter: JobFilter, limit: Int, _ tally: PassTally) async throws -> Int {
        let total = min(limit, try await state.dueCount(filter, at: timing.now()))
        var started = 0
        var finished = 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            var queue: [Int64] = []
            var last: Int64 = 0
            while started < limit, !stop.isRequested, !tally.isHalted {
                if queue.isEmpty {
                    queue = try await state.dueJobs(filter, after: last, at: timing.now(), limit: Self.batch).reversed()
                }
                guard let id = queue.popLast() else { break }
                last = id
                if started - finished >= workers {
                    try await group.next()
                    finished += 1
                    show(finished, total, tally)
                }
                started += 1
                group.addTask { try await worker.work(on: id) }
            }
            while try await group.next() != nil {
                finished += 1
                show(finished, total, tally)
            }
        }
        return started
    }

    private func show(_ finished: Int, _ total: Int, _ tally: PassTally) {
        report?(PassProgress(finished: finished, total: max(total, finished), failed: tally.current.failed.count))
    }

    /// Enough sheets in hand to keep the models busy while others are downloaded and delivered.
    private var workers: Int { (settings.transcription.concurrency ?? 8) + 4 }

    /// With a paid model, many sheets and no budget, nothing is sent: somebody has to say what may be spent.
    func refuseUnbudgetedWork(_ filter: JobFilter, limit: Int?, _ tally: PassTally) async throws {
        guard settings.transcription.monthlyBudget == nil else { return }
        for label in engines.paidLabels {
            let count = min(limit ?? .max, try await state.countToAsk(filter, model: label))
            guard count > Self.unbudgetedSheets else { continue }
            let words =
                "\(count) sheets would be sent to \(label), which costs money, and nobody said how much may be spent: "
                + "set transcription.monthly_budget to a sum, or to unlimited, or try a few with --once --limit"
            tally.update { $0.unbudgeted[label] = words }
        }
    }

    func pending(_ filter: JobFilter) async throws -> Int {
        let counts = try await state.stageCounts(filter)
        return (counts[.new] ?? 0) + (counts[.answered] ?? 0)
    }

    /// Adds up what the pass came to.
    func conclude(_ summary: inout PassSummary, _ filter: JobFilter, _ tally: PassTally) async throws {
        let state = tally.current
        let counts = try await self.state.stageCounts(filter)
        summary.discovered = counts.values.reduce(0, +)
        summary.transcribed = state.transcribed
        summary.adopted = state.adopted
        summary.published = state.published
        summary.recorded = state.recorded
        summary.failures = state.failed.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
        summary.notes += state.notes.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
        summary.waiting = try await pending(filter)
        summary.leftOut = try await self.state.leftOutCounts()
        summary.waitingFor = state.outages.map(\.explanation).sorted()
        for (reason, count) in try await self.state.waitingReasons(filter) where !summary.waitingFor.contains(reason) {
            summary.waitingFor.append("\(count) × \(reason)")
        }
        summary.status = status(state)
        if summary.status != .success, summary.status != .sheetFailed {
            summary.problem = summary.waitingFor.first
        }
    }

    private func status(_ state: PassTally.State) -> ExitStatus {
        let statuses = Set(state.outages.map(\.status))
        for status in [ExitStatus.refused, .configuration, .unavailable] where statuses.contains(status) {
            return status
        }
        return state.failed.isEmpty ? .success : .sheetFailed
    }
}

extension Outage {
    var explanation: String {
        switch self {
        case .loginRefused(let reason), .keyRefused(let reason), .nextcloud(let reason), .uploads(let reason),
            .observations(let reason), .observationsRefused(let reason), .observationsMisconfigured(let reason),
            .model(_, let reason), .modelPaused(_, let reason):
            reason
        }
    }

    var status: ExitStatus {
        switch self {
        case .loginRefused, .keyRefused, .observationsRefused: .refused
        case .observationsMisconfigured: .configuration
        case .nextcloud, .uploads, .observations, .model: .unavailable
        case .modelPaused: .success
        }
    }
}
