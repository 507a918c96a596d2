import Foundation
import Synchronization
import Transcriber

/// The money spent this month, known without adding it up anew for every request.
final class MonthlySpending: Sendable {
    private struct Sum {
        /// The time until which it is this month; `nil` before the first look.
        var end: Date?
        var spent = 0.0
        /// Counts the payments, so that one that comes while the state is read is not counted twice.
        var payments = 0
    }

    /// The usual answer for a sheet, roughly: two pages of 1,120 tokens, the prompt, the form and some thought.
    private static let usualAnswer = TokenUsage(input: 4_000, output: 2_000, thinking: 2_000)

    private let engines: EngineSet
    private let state: StateDatabase
    private let sum = Mutex(Sum())

    init(engines: EngineSet, state: StateDatabase) {
        self.engines = engines
        self.state = state
    }

    /// The cost of a request, roughly, where that is not known: because its answer was lost, or is still to come.
    func usualCost(_ model: String, inBatch: Bool = false) -> Double {
        guard let engine = engines[model], engine.isPaid else { return 0 }
        return engine.price?.cost(of: Self.usualAnswer, inBatch: inBatch) ?? 0
    }

    /// Adds what was paid.
    func pay(_ cost: Double?) {
        guard let cost, cost > 0 else { return }
        change(by: cost)
    }

    /// Adds what was paid at that time, where it is this month.
    func pay(_ cost: Double?, at time: Date, now: Date) {
        if time >= Self.month(of: now).start { pay(cost) }
    }

    /// A line of a batch is to be sent, which will cost about the usual.
    func reserveLine(_ model: String) { change(by: usualCost(model, inBatch: true)) }

    /// Lines of a batch have ended, whatever came of them.
    func releaseLines(_ model: String, count: Int = 1) { change(by: -usualCost(model, inBatch: true) * Double(count)) }

    private func change(by amount: Double) {
        sum.withLock { sum in
            sum.spent += amount
            sum.payments += 1
        }
    }

    /// The cost of this month's requests so far, in the currency of the prices; those whose answer was lost are taken
    /// to have cost as much as others, and the lines of batches that are under way what is guessed.
    /// - Throws: `DatabaseError`.
    func spent(at now: Date) async throws -> Double {
        while true {
            let before = sum.withLock { ($0.end, $0.spent, $0.payments) }
            if let end = before.0, now < end { return before.1 }
            let month = Self.month(of: now)
            let stored = total(try await state.read { try $0.requests.spending(since: month.start) })
            let isCurrent = sum.withLock { sum in
                guard sum.payments == before.2 else { return false }
                sum.end = month.end
                sum.spent = stored
                return true
            }
            if isCurrent { return stored }
        }
    }

    /// The cost of requests together: what is known, and for the others the usual.
    func total(_ spending: [String: Spending]) -> Double {
        spending.reduce(0) { sum, own in
            let unknown = Double(own.value.lost + own.value.uncounted)
            return sum + own.value.cost + unknown * usualCost(own.key)
                + Double(own.value.awaited) * usualCost(own.key, inBatch: true)
        }
    }

    /// The month by which a budget counts, in Universal Time.
    static func month(of now: Date) -> DateInterval {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateInterval(of: .month, for: now) ?? DateInterval(start: now, duration: 0)
    }
}
