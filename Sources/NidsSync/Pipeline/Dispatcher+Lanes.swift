import Foundation
import Transcriber

extension Dispatcher {
    /// With more sheets than this to be paid for, somebody has to say what may be spent.
    private static let unbudgetedSheets = 500
    /// How often that is looked at again.
    private static let budgetPause = Duration.seconds(3600)

    /// How many jobs may be in a lane just now.
    func capacity(of lane: Lane) async throws -> Int {
        switch lane {
        case .adopting:
            return availability.capacity(.nextcloud, full: Lane.adoptions)
        case .asking(let model):
            guard let engine = worker.engines[model] else { return 0 }
            let full = engine.gate.window + Lane.fetchedAhead
            return min(
                availability.capacity(.nextcloud, full: full), availability.capacity(.model(model), full: full))
        case .batching(let model):
            guard desk.takes(model), !desk.isStuck(model) else { return 0 }
            return min(
                availability.capacity(.nextcloud, full: Lane.gatherings),
                availability.capacity(.model(model), full: Lane.gatherings))
        case .delivering:
            let open = openDeliveries
            return open.publishing || open.recording ? Lane.deliveries : 0
        }
    }

    private var openDeliveries: OpenDeliveries {
        OpenDeliveries(
            publishing: !availability.isClosed(.nextcloud) && !availability.isClosed(.uploads),
            recording: !availability.isClosed(.observations), fetching: !availability.isClosed(.nextcloud))
    }

    /// The first jobs that are due in a lane.
    func due(in lane: Lane, limit: Int) async throws -> [DueJob] {
        let now = worker.timing.now()
        switch lane {
        case .adopting:
            return try await state.dueJobs(.adopting, filter, at: now, limit: limit)
        case .asking(let model):
            guard try await mayBePaid(model) else { return [] }
            let alone = desk.takes(model) ? true : nil
            return try await state.dueJobs(.asking, filter.only(model), alone: alone, at: now, limit: limit)
        case .batching(let model):
            guard try await mayBePaid(model) else { return [] }
            return try await state.dueJobs(.asking, filter.only(model), alone: false, at: now, limit: limit)
        case .delivering:
            return try await state.dueDeliveries(filter, openDeliveries, at: now, limit: limit)
        }
    }

    /// Does a job's work in a lane.
    func work(on id: Int64, in lane: Lane) async throws -> WorkOutcome {
        switch lane {
        case .adopting: try await worker.adopt(id)
        case .asking: try await worker.ask(id)
        case .batching: try await desk.gather(id)
        case .delivering: try await worker.deliver(id)
        }
    }

    /// With a paid model, many sheets and no budget, nothing is sent: somebody has to say what may be spent.
    private func mayBePaid(_ model: String) async throws -> Bool {
        guard worker.engines[model]?.isPaid == true else { return true }
        switch worker.settings.transcription.monthlyBudget {
        case .unlimited: return true
        // What is adopted tells what was spent before.
        case .sum: return try await !state.hasUnsorted(filter.only(model), at: worker.timing.now())
        case nil: break
        }
        let count = min(limit ?? .max, try await state.countToAsk(filter, model: model))
        guard count > Self.unbudgetedSheets else { return true }
        // What is still to be adopted costs nothing.
        if try await state.hasUnsorted(filter.only(model), at: worker.timing.now()) { return false }
        let words =
            "\(count) sheets would be sent to \(model), which costs money, and nobody said how much may be spent: "
            + "set transcription.monthly_budget to a sum, or to unlimited, or try a few with --once --limit"
        await worker.rest(model, .modelPaused(label: model, words), for: Self.budgetPause)
        return false
    }
}
