import Foundation
import Transcriber

/// Keeps to the monthly budget, and asks for one where much would be paid.
struct BudgetGuard: Sendable {
    /// With more sheets than this to be paid for, somebody has to say what may be spent.
    private static let unbudgetedSheets = 500
    /// The time after which it is looked again for a budget.
    private static let pauseWithoutBudget = Duration.seconds(3600)
    /// The time after which it is looked whether a new month has begun.
    private static let pauseBeyondBudget = Duration.seconds(900)

    let budget: Settings.Budget?
    let engines: EngineSet
    let spending: MonthlySpending
    let pauses: ModelPauses
    let state: StateDatabase
    let timing: Timing

    /// Refuses a request that the budget does not allow, and pauses the model. What was spent this month is known from
    /// the answers; what is in flight comes on top.
    /// - Throws: `WorkFault.waiting`, `DatabaseError`.
    func requireMoney(for model: String) async throws {
        guard let engine = engines[model], engine.isPaid, case .sum(let budget) = budget else { return }
        let reason: String
        if engine.price == nil {
            reason =
                "the price of \(model) is not known, so transcription.monthly_budget cannot be kept: give "
                + "input_price and output_price under transcription.engines.\(model), or set the budget to unlimited"
        } else {
            let spent = try await spending.spent(at: timing.now())
            guard spent >= budget else { return }
            reason = Self.exhausted(budget: budget, spent: spent)
        }
        await pauses.pause(model, .modelPaused(label: model, reason), for: Self.pauseBeyondBudget)
        throw WorkFault.waiting(reason: reason)
    }

    /// The notice that nothing more is spent this month.
    static func exhausted(budget: Double, spent: Double) -> String {
        String(
            format: "the monthly budget of %.2f is used up (%.2f): work goes on next month, or with a higher "
                + "transcription.monthly_budget", budget, spent)
    }

    /// `true` when sheets may be sent to a model at all: with a paid one, many sheets and no budget, nothing is sent,
    /// because somebody has to say what may be spent.
    /// - Throws: `DatabaseError`.
    func maySend(to model: String, _ filter: JobFilter, limit: Int?) async throws -> Bool {
        guard engines[model]?.isPaid == true else { return true }
        let filter = filter.only(model)
        let now = timing.now()
        switch budget {
        case .unlimited: return true
        // What is adopted tells what was spent before.
        case .sum: return try await state.read { try !$0.counts.hasUnsorted(filter, at: now) }
        case nil: break
        }
        let (count, isUnsorted) = try await state.read { tables in
            (try tables.counts.toAsk(filter, model: model), try tables.counts.hasUnsorted(filter, at: now))
        }
        let sent = min(limit ?? .max, count)
        guard sent > Self.unbudgetedSheets else { return true }
        // What is still to be adopted costs nothing.
        guard !isUnsorted else { return false }
        let words =
            "\(sent) sheets would be sent to \(model), which costs money, and nobody said how much may be spent: "
            + "set transcription.monthly_budget to a sum, or to unlimited, or try a few with --once --limit"
        await pauses.pause(model, .modelPaused(label: model, words), for: Self.pauseWithoutBudget)
        return false
    }
}
