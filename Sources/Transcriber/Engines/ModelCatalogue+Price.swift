public import Foundation

extension ModelCatalogue {
    /// A price in US dollars for a million tokens, thoughts counted as output.
    public struct Price: Sendable, Hashable {
        /// The price from a day on, 0 h in Universal Time.
        public struct Change: Sendable, Hashable {
            public var from: Date
            public var input: Double
            public var output: Double

            public init(from: Date, input: Double, output: Double) {
                self.from = from
                self.input = input
                self.output = output
            }
        }

        public var input: Double
        public var output: Double
        /// The changes that the provider has announced, in their order.
        public var changes: [Change]

        public init(input: Double, output: Double, changes: [Change] = []) {
            self.input = input
            self.output = output
            self.changes = changes
        }

        /// Google bills a batch at half the price (https://ai.google.dev/gemini-api/docs/batch-api).
        private static let batchFactor = 0.5

        /// The cost of some tokens, in US dollars.
        ///
        /// - Parameter now: The time of the request, which decides among announced prices.
        public func cost(of usage: TokenUsage, inBatch: Bool = false, at now: Date = Date()) -> Double {
            let change = changes.last { $0.from <= now }
            let (input, output) = (change?.input ?? input, change?.output ?? output)
            let full =
                (Double(usage.input) * input + (Double(usage.output) + Double(usage.thinking)) * output) / 1_000_000
            return inBatch ? full * Self.batchFactor : full
        }
    }
}
