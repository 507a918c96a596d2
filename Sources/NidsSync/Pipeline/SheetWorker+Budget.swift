import Foundation
import Transcriber

extension SheetWorker {
    /// How often it is looked whether a new month has begun.
    private static let budgetPause = Duration.seconds(900)

    /// What the answer for a sheet takes, roughly: two pages of 1,120 tokens, the prompt, the form and some thought.
    private static let usualAnswer = TokenUsage(input: 4_000, output: 2_000, thinking: 2_000)

    /// What a request costs, roughly, where that is not known: because its answer was lost, or is still to come.
    func usualCost(_ model: String, inBatch: Bool = false) -> Double {
        guard let engine = engines[model], engine.isPaid else { return 0 }
        return engine.price?.cost(of: Self.usualAnswer, inBatch: inBatch) ?? 0
    }

    /// What was spent this month is known from the answers; what is in flight comes on top.
    func refuseBeyondBudget(_ engine: EngineSet.Member, _ model: String) async throws {
        guard engine.isPaid, case .sum(let budget) = settings.transcription.monthlyBudget else { return }
        let reason: String
        if engine.price == nil {
            reason =
                "the price of \(model) is not known, so transcription.monthly_budget cannot be kept: give "
                + "input_price and output_price under transcription.engines.\(model), or set the budget to unlimited"
        } else {
            let spent = try await purse.spent(at: timing.now(), state, usualCost: usualCost)
            guard spent >= budget else { return }
            reason = Purse.exhausted(budget: budget, spent: spent)
        }
        await rest(model, .modelPaused(label: model, reason), for: Self.budgetPause)
        throw WorkInterruption.waiting(reason: reason)
    }
}
