import Foundation
import Synchronization

/// What was spent this month, known without adding it up anew for every request.
final class Purse: Sendable {
    private struct State {
        /// Until when it is this month; `nil` before the first look.
        var end: Date?
        var spent = 0.0
        /// Counts the payments, so that one that comes while the state is read is not counted twice.
        var payments = 0
    }

    private let state = Mutex(State())

    /// What was paid.
    func pay(_ cost: Double?) {
        guard let cost, cost > 0 else { return }
        state.withLock { state in
            state.spent += cost
            state.payments += 1
        }
    }

    /// A line of a batch is to be sent, which will cost about that much.
    func reserve(_ estimate: Double) { state.withLock { $0.spent += estimate } }

    /// A line of a batch has ended, whatever came of it.
    func release(_ estimate: Double) { state.withLock { $0.spent -= estimate } }

    /// What this month's requests have cost so far, in the currency of the prices; those whose answer was lost are
    /// taken to have cost as much as others, and the lines of batches that are under way what is guessed.
    ///
    /// - Parameter estimate: what a line of a batch costs about, by model.
    func spent(at now: Date, _ store: StateStore, estimate: (String) -> Double) async throws -> Double {
        while true {
            let before = state.withLock { ($0.end, $0.spent, $0.payments) }
            if let end = before.0, now < end { return before.1 }
            let month = Self.month(of: now)
            let spending = try await store.spending(since: month.start)
            let awaited = spending.reduce(0) { $0 + Double($1.value.awaited) * estimate($1.key) }
            let sum = Self.sum(spending) + awaited
            let isCurrent = state.withLock { state in
                guard state.payments == before.2 else { return false }
                state.end = month.end
                state.spent = sum
                return true
            }
            if isCurrent { return sum }
        }
    }

    /// What requests have cost together: what is known, and for lost ones what an answer costs on average.
    static func sum(_ spending: [String: Spending]) -> Double {
        spending.values.reduce(0) { $0 + $1.cost + Double($1.lost) * ($1.costPerAnswer ?? 0) }
    }

    /// The month by which a budget counts, in Universal Time.
    static func month(of now: Date) -> DateInterval {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateInterval(of: .month, for: now) ?? DateInterval(start: now, duration: 0)
    }

    /// The notice that nothing more is spent this month.
    static func exhausted(budget: Double, spent: Double) -> String {
        String(
            format: "the monthly budget of %.2f is used up (%.2f): work goes on next month, or with a higher "
                + "transcription.monthly_budget", budget, spent)
    }
}
