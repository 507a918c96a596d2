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

    /// The predefined model of that label.
    public static func entry(for label: String) -> Entry? {
        predefined.first { $0.label == label }
    }
}
