import Foundation

extension SheetWorker {
    /// How often it is looked whether a new month has begun.
    private static let budgetPause = Duration.seconds(900)

    /// What was spent this month is known from the answers; what is in flight comes on top.
    func refuseBeyondBudget(_ engine: EngineSet.Member, _ model: String) async throws {
        guard engine.isPaid, case .sum(let budget) = settings.transcription.monthlyBudget else { return }
        let reason: String
        if engine.price == nil {
            reason =
                "the price of \(model) is not known, so transcription.monthly_budget cannot be kept: give "
                + "input_price and output_price under transcription.engines.\(model), or set the budget to unlimited"
        } else {
            let spent = try await purse.spent(at: timing.now(), state)
            guard spent >= budget else { return }
            reason = Purse.exhausted(budget: budget, spent: spent)
        }
        await rest(model, .modelPaused(label: model, reason), for: Self.budgetPause)
        throw WorkInterruption.waiting(reason: reason)
    }
}
