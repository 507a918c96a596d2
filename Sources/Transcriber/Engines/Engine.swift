/// Something that reads a sheet: a vision model, or a program on this machine.
public protocol Engine: Sendable {
    /// The label under which its readings are kept (`gemini_3_flash`, `tesseract`…).
    var label: String { get }

    /// Asks for one reading of one sheet.
    ///
    /// An engine asks once; trying again is its caller's decision, who knows what has been paid for.
    /// - Throws: `TranscriptionError`.
    func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer
}

/// The pages of one sheet, to be read with one kind of prompt.
public struct TranscriptionRequest: Sendable {
    /// The pages in their order, recto first.
    public var pages: [Page]
    /// Which form the sheet is.
    public var promptKind: PromptKind
    /// True when the answer may be longer than usual: for the one retry after a `TranscriptionError.cutOff`.
    public var moreRoom: Bool
    /// The most tokens of the answer, where fewer will do than the engine's settings allow; no matter with `moreRoom`.
    public var mostTokens: Int?
    /// Is told what was billed as soon as an answer has come, also where the answer is none (cut off, empty, refused).
    public var onUsage: (@Sendable (TokenUsage) -> Void)?

    public init(
        pages: [Page], promptKind: PromptKind, moreRoom: Bool = false, mostTokens: Int? = nil,
        onUsage: (@Sendable (TokenUsage) -> Void)? = nil
    ) {
        self.pages = pages
        self.promptKind = promptKind
        self.moreRoom = moreRoom
        self.mostTokens = mostTokens
        self.onUsage = onUsage
    }

    /// One scanned file of a sheet, lying on this machine's disk.
    public struct Page: Sendable {
        /// The file's path on this machine.
        public var path: String
        /// The file's name in Nextcloud, for messages.
        public var name: String
        /// The kind that the file's first bytes show.
        public var mediaType: MediaType

        public init(path: String, name: String, mediaType: MediaType) {
            self.path = path
            self.name = name
            self.mediaType = mediaType
        }
    }
}

/// An engine's answer, as it gave it.
public struct EngineAnswer: Sendable, Hashable {
    /// The answer's text: JSON, if all went well, not yet checked or repaired.
    public var text: String
    /// The provider's own id of the model that answered.
    public var providerModel: String
    /// Tokens billed, where the provider counts them.
    public var usage: TokenUsage?

    /// Takes an answer. Its text becomes one that files and databases hold: U+0000, which many cut a text at, is written
    /// as JSON escapes it.
    public init(text: String, providerModel: String, usage: TokenUsage? = nil) {
        self.text = text.utf8.contains(0) ? text.replacing("\0", with: "\\u0000") : text
        self.providerModel = providerModel.storable
        self.usage = usage
    }
}
