/// The models that are known by a label of ours.
public struct ModelCatalogue: Sendable {
    /// The kinds of engines.
    public enum EngineKind: String, Sendable, Hashable, CaseIterable {
        case gemini
        case openai
        case tesseract
    }

    /// A model, under its label.
    public struct Entry: Sendable, Hashable {
        public var label: String
        public var engine: EngineKind
        /// The provider's id of the model; nothing for a program of this machine.
        public var providerID: String
        /// `nil` for what costs nothing.
        public var price: Price?

        public init(label: String, engine: EngineKind, providerID: String, price: Price? = nil) {
            self.label = label
            self.engine = engine
            self.providerID = providerID
            self.price = price
        }
    }

    /// A price in US dollars for a million tokens, thoughts counted as output.
    public struct Price: Sendable, Hashable {
        public var input: Double
        public var output: Double

        public init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }

        /// Google bills a batch at half the price (https://ai.google.dev/gemini-api/docs/batch-api).
        private static let batchFactor = 0.5

        /// The cost of some tokens, in US dollars.
        public func cost(of usage: TokenUsage, inBatch: Bool = false) -> Double {
            let full =
                (Double(usage.input) * input + (Double(usage.output) + Double(usage.thinking)) * output) / 1_000_000
            return inBatch ? full * Self.batchFactor : full
        }
    }

    /// The predefined models, with the ids and prices that Google listed in November 2026.
    ///
    /// Gemini 3 Pro (`gemini-3-pro-preview`) was shut down in March 2026, and Gemini 3 Flash's first preview is
    /// replaced: these labels mean their successors. `gemini-2.5-pro` is announced to be answered by
    /// `gemini-3.8-flash` from 1 December 2026. The price of `gemini-3.8-flash` is the one from 2027 on, half of it
    /// until then, so that a budget errs on the safe side.
    public static let predefined: [Entry] = [
        Entry(
            label: "gemini_3_flash", engine: .gemini, providerID: "gemini-3.8-flash",
            price: Price(input: 1.50, output: 7.50)),
        Entry(
            label: "gemini_3_pro", engine: .gemini, providerID: "gemini-3.1-pro-preview",
            price: Price(input: 2.00, output: 12.00)),
        Entry(
            label: "gemini_2.5_pro", engine: .gemini, providerID: "gemini-2.5-pro",
            price: Price(input: 1.25, output: 10.00)),
        Entry(
            label: "gemini_2.5_flash_lite", engine: .gemini, providerID: "gemini-2.5-flash-lite",
            price: Price(input: 0.10, output: 0.40)),
        Entry(label: "tesseract", engine: .tesseract, providerID: "tesseract"),
    ]

    /// The predefined model of that label.
    public static func entry(for label: String) -> Entry? {
        predefined.first { $0.label == label }
    }
}
