import Foundation
import Transcriber

/// The lanes of the stations, with their bounds.
struct PipelineLanes: Sendable {
    let state: StateDatabase
    let filter: JobFilter
    let breaker: CircuitBreaker
    let timing: Timing

    func adopting(_ adopter: Adopter) -> StaffedLane {
        StaffedLane(
            lane: .adopting, capacity: { breaker.capacity(.nextcloud, full: Lane.adoptions) },
            due: { limit in
                let now = timing.now()
                return try await state.read { try $0.jobs.due(.adopting, filter, at: now, limit: limit) }
            },
            work: { try await adopter.adopt($0) })
    }

    /// - Parameter onlyAlone: `true` where others go by batch.
    func asking(_ model: String, _ asker: Asker, onlyAlone: Bool, limit: Int?) -> StaffedLane {
        StaffedLane(
            lane: .asking(model: model),
            capacity: {
                guard let engine = asker.engines[model] else { return 0 }
                return capacity(toAsk: model, full: engine.gate.window + Lane.fetchedAhead)
            },
            due: { try await due(toAsk: model, alone: onlyAlone ? true : nil, asker.budget, limit: limit, first: $0) },
            work: { try await asker.ask($0) })
    }

    /// The number of jobs of a model that may be fetched at once.
    func capacity(toAsk model: String, full: Int) -> Int {
        min(
            breaker.capacity(.nextcloud, full: full), breaker.capacity(.model(model), full: full),
            breaker.capacity(.machine, full: full))
    }

    /// The first jobs of a model that are due to be asked about, where money may be spent on them.
    ///
    /// - Parameter alone: only those that are, or are not, to be asked about by themselves.
    /// - Throws: `DatabaseError`.
    func due(
        toAsk model: String, alone: Bool?, _ budget: BudgetGuard, limit: Int?, first: Int
    ) async throws -> [DueJob] {
        guard try await budget.maySend(to: model, filter, limit: limit) else { return [] }
        let filter = filter.only(model)
        let now = timing.now()
        return try await state.read { try $0.jobs.due(.asking, filter, alone: alone, at: now, limit: first) }
    }

    /// - Parameter reachesServer: `false` while Nextcloud is out of reach, so that readings are recorded only.
    func delivering(_ deliverer: Deliverer, reachesServer: Bool = true) -> StaffedLane {
        let open: @Sendable () -> OpenDeliveries = {
            let isServerOpen = reachesServer && !breaker.isOpen(.nextcloud)
            return OpenDeliveries(
                publishing: isServerOpen && !breaker.isOpen(.uploads), recording: !breaker.isOpen(.observations),
                fetching: isServerOpen)
        }
        return StaffedLane(
            lane: .delivering,
            capacity: {
                let open = open()
                return open.publishing || open.recording ? Lane.deliveries : 0
            },
            due: { limit in
                let (now, open) = (timing.now(), open())
                return try await state.read { try $0.jobs.dueDeliveries(filter, open, at: now, limit: limit) }
            },
            work: { try await deliverer.deliver($0) })
    }
}
