import HTTP
import Transcriber

extension EngineFactory {
    /// The account whose requests a provider counts together.
    struct Account: Hashable {
        let kind: ModelCatalogue.EngineKind
        /// Where requests go, as it was written.
        let address: String
        let key: Secret?

        /// This machine.
        init(kind: ModelCatalogue.EngineKind) {
            self.kind = kind
            address = ""
            key = nil
        }

        /// The account of an engine, the section's where it has none of its own.
        ///
        /// The section's key is for the section's address: it is not shown to a server at another.
        init(_ described: Settings.Engine, address: String, key: Secret?) {
            kind = described.engine
            self.address = described.baseURL ?? address
            let isSame = described.baseURL.map { Self.canonical($0) == Self.canonical(address) } ?? true
            self.key = described.apiKey ?? (isSame ? key : nil)
        }

        /// Set where requests go to OpenAI itself.
        var isOpenAIs: Bool {
            kind == .openai && Self.canonical(address) == Self.canonical(OpenAIEngine.defaultBaseURL)
        }

        /// The number of requests that may be in flight, and that at first, where nobody said and no rate is known.
        var limits: (cap: Int, window: Int) {
            switch kind {
            case .tesseract: (2, 2)
            // A server of one's own reads one or a few sheets at a time; what waits there for long is given up.
            case .openai where key == nil: (4, 2)
            case .gemini, .openai: (256, 8)
            }
        }

        static func == (left: Self, right: Self) -> Bool {
            left.kind == right.kind && left.key == right.key && canonical(left.address) == canonical(right.address)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(kind)
            hasher.combine(key)
            hasher.combine(Self.canonical(address))
        }

        /// An address without what engines put there themselves, so that two spellings of one are the same.
        private static func canonical(_ address: String) -> String {
            var address = address.lowercased()[...]
            while address.hasSuffix("/") { address = address.dropLast() }
            for ending in ["/chat/completions", "/v1", "/v1beta"] where address.hasSuffix(ending) {
                address = address.dropLast(ending.count)
            }
            return String(address)
        }
    }
}
