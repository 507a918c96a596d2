import Transcriber

/// The requests to one model, and what they have cost.
struct Spending: Sendable, Equatable {
    /// Requests sent, those of batches included.
    var requests = 0
    /// Those that brought an answer.
    var answers = 0
    /// Those whose answer never came: they may have been billed.
    var lost = 0
    /// Those that are under way just now.
    var open = 0
    /// Lines of batches whose results are still awaited.
    var awaited = 0
    var tokens = TokenUsage(input: 0, output: 0)
    /// The sum of what is known, in the currency of the prices.
    var cost = 0.0
    /// Requests with tokens whose price is not known.
    var unpriced = 0
    /// Answers whose tokens nobody counted.
    var uncounted = 0

    /// The average cost of an answer, answers that were none included; `nil` while nothing is known.
    var costPerAnswer: Double? { answers > 0 && unpriced < answers ? cost / Double(answers) : nil }

    /// Set where a model of that label costs nothing, as a program of this machine does: its answers took no tokens.
    func isFree(label: String) -> Bool {
        ModelCatalogue.entry(for: label)?.engine == .tesseract
            || answers > 0 && cost == 0 && unpriced == 0 && tokens == TokenUsage(input: 0, output: 0)
    }
}
