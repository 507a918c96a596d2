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
    func reserve(_ estimate: Double) { change(by: estimate) }

    /// A line of a batch has ended, whatever came of it.
    func release(_ estimate: Double) { change(by: -estimate) }

    private func change(by sum: Double) {
        state.withLock { state in
            state.spent += sum
            state.payments += 1
        }
    }

    /// What this month's requests have cost so far, in the currency of the prices; those whose answer was lost are
    /// taken to have cost as much as others, and the lines of batches that are under way what is guessed.
    ///
    /// - Parameter usualCost: what a request costs about, by model and whether it is one of a batch.
    func spent(
        at now: Date, _ store: StateStore, usualCost: (String, Bool) -> Double
    ) async throws -> Double {
        while true {
            let before = state.withLock { ($0.end, $0.spent, $0.payments) }
            if let end = before.0, now < end { return before.1 }
            let month = Self.month(of: now)
            let sum = Self.sum(try await store.spending(since: month.start), usualCost: usualCost)
            let isCurrent = state.withLock { state in
                guard state.payments == before.2 else { return false }
                state.end = month.end
                state.spent = sum
                return true
            }
            if isCurrent { return sum }
        }
    }

    /// What requests have cost together: what is known, and for the others what a request costs about.
    static func sum(_ spending: [String: Spending], usualCost: (String, Bool) -> Double) -> Double {
        spending.reduce(0) { sum, own in
            let unknown = Double(own.value.lost + own.value.uncounted)
            return sum + own.value.cost + unknown * usualCost(own.key, false)
                + Double(own.value.awaited) * usualCost(own.key, true)
        }
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
