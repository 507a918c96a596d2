/// Tokens billed for one answer, or for many together.
///
/// None of the numbers is negative or so large that adding them up could overflow, whoever told them.
public struct TokenUsage: Sendable, Hashable {
    /// The most that is held: more tokens than a million answers of the largest count have.
    private static let range = 0...1_000_000_000_000_000

    /// Tokens of the prompt, pictures included.
    public var input: Int {
        didSet { input = Self.within(input) }
    }
    /// Tokens of the answer.
    public var output: Int {
        didSet { output = Self.within(output) }
    }
    /// Tokens spent on thinking, billed as output.
    public var thinking: Int {
        didSet { thinking = Self.within(thinking) }
    }

    /// Takes numbers, each into its range.
    public init(input: Int, output: Int, thinking: Int = 0) {
        self.input = Self.within(input)
        self.output = Self.within(output)
        self.thinking = Self.within(thinking)
    }

    /// Takes counts that somebody else told; one that was not told is none.
    public init(input: ForeignCount?, output: ForeignCount?, thinking: ForeignCount? = nil) {
        self.init(input: input?.value ?? 0, output: output?.value ?? 0, thinking: thinking?.value ?? 0)
    }

    /// Reads `{input, output, thinking}`, as a result file has it under `nids_sync.tokens`.
    ///
    /// `nil` when it is no object, or does not tell the prompt's tokens.
    public init?(_ document: JSONValue?) {
        guard let input = ForeignCount(document?["input"]) else { return nil }
        self.init(
            input: input, output: ForeignCount(document?["output"]), thinking: ForeignCount(document?["thinking"]))
    }

    /// The tokens as a result file has them under `nids_sync.tokens`.
    public var json: JSONValue {
        ["input": .integer(input), "output": .integer(output), "thinking": .integer(thinking)]
    }

    /// The tokens of both.
    public static func + (left: Self, right: Self) -> Self {
        TokenUsage(
            input: left.input + right.input, output: left.output + right.output,
            thinking: left.thinking + right.thinking)
    }

    private static func within(_ number: Int) -> Int { min(max(number, range.lowerBound), range.upperBound) }
}

extension TokenUsage: Codable {
    private enum Key: String, CodingKey {
        case input, output, thinking
    }

    /// Decodes what was encoded, each number taken into its range.
    /// - Throws: `DecodingError` when a number is missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            input: try container.decode(Int.self, forKey: .input),
            output: try container.decode(Int.self, forKey: .output),
            thinking: try container.decode(Int.self, forKey: .thinking))
    }

    /// Encodes the three numbers.
    /// - Throws: the encoder's errors.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(input, forKey: .input)
        try container.encode(output, forKey: .output)
        try container.encode(thinking, forKey: .thinking)
    }
}
