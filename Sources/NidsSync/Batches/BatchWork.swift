import Foundation

/// The work on batches of a pass that reaches Nextcloud: half the price, within a day.
struct BatchWork: Sendable {
    /// The time for which a daemon waits for more sheets before it sends what it has, in seconds.
    static let gatheringTime: TimeInterval = 300
    private static let tick = Duration.seconds(15)

    let exchange: BatchExchange
    let gatherer: BatchGatherer

    /// Sends what is ready and collects what is done, again and again until the pass ends.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func run(until ending: StopSignal, _ breaker: CircuitBreaker) async throws {
        var isFirst = true
        let stop = exchange.stop
        let timing = exchange.sender.timing
        while !stop.isRequested, !ending.isRequested, !breaker.isRefused, !Task.isCancelled {
            try await gatherer.sendGathered(olderThan: Self.gatheringTime)
            try await exchange.attend(onlyDue: !isFirst)
            isFirst = false
            await stop.sleep(Self.tick) { duration in await ending.sleep(duration, using: timing.sleep) }
        }
    }

    /// The lane in which a model's sheets are gathered.
    func lane(_ model: String, _ lanes: PipelineLanes, limit: Int?) -> StaffedLane {
        let sender = exchange.sender
        return StaffedLane(
            lane: .batching(model: model),
            capacity: {
                guard sender.takes(model), !sender.faults.stuck.contains(model) else { return 0 }
                return lanes.capacity(toAsk: model, full: Lane.gatherings)
            },
            due: {
                try await lanes.due(toAsk: model, alone: false, gatherer.asker.budget, limit: limit, first: $0)
            },
            work: { try await gatherer.gather($0) })
    }
}
