import Transcriber

/// The requests to one model as far as they tell whether it still reads: those since its last usable answer, and how
/// long its answers have been.
struct AnswerRecord: Sendable {
    /// The forms in which no usable answer comes.
    enum Fruitlessness: Sendable, Hashable {
        /// All the room of the answer was used up, and paid for; more might have been of use.
        case outOfRoom
        /// All the room was used up by a repetition.
        case repeated
        /// The model declined, or gave a sheet without a value: single sheets may well be so.
        case unread
        /// Anything else: nothing, prose, another form.
        case other

        init(_ outcome: RequestOutcome) {
            switch outcome {
            case .cutOff, .thoughtsOnly: self = .outOfRoom
            case .repeated: self = .repeated
            case .refused: self = .unread
            default: self = .other
            }
        }
    }

    /// Answers of which the length is remembered.
    private static let remembered = 50
    /// The room for the answer of a model that has given none yet, in tokens.
    private static let firstRoom = 4096

    var hasAnswered = false
    /// The room that brought an answer after others had broken off, in tokens: not every server counts the thoughts.
    private var provenRoom = 0
    /// The tokens of the last answers, thoughts included.
    var lengths: [Int] = []
    /// The contents that were asked about since the last usable answer.
    private(set) var sheets: Set<String> = []
    private(set) var kinds: Set<Fruitlessness> = []
    /// The requests since then.
    private(set) var requests = 0
    private(set) var outOfRoom = 0
    private(set) var usage = TokenUsage(input: 0, output: 0)
    private(set) var cost = 0.0

    /// Set where the last answer was usable: then several may be asked for at once.
    var isTrusted: Bool { hasAnswered && sheets.isEmpty }

    /// A request brought no usable answer.
    mutating func add(_ content: String, _ kind: Fruitlessness, usage: TokenUsage?, cost: Double?) {
        sheets.insert(content)
        kinds.insert(kind)
        requests += 1
        if kind == .outOfRoom { outOfRoom += 1 }
        if let usage { self.usage = self.usage + usage }
        self.cost += max(0, cost ?? 0)
    }

    /// A request brought a usable answer.
    mutating func answered(_ usage: TokenUsage?) {
        let (before, needed) = (lengths, outOfRoom > 0 ? room : provenRoom)
        self = AnswerRecord()
        provenRoom = needed
        hasAnswered = true
        lengths = Array(before.suffix(Self.remembered - 1))
        if let usage, usage.output > 0 { lengths.append(usage.output + usage.thinking) }
    }

    /// The sheets in a row after which the model rests.
    ///
    /// - Parameter isBilled: `true` where somebody pays: two that used up all their room have cost what five good
    ///   answers do.
    func limit(isBilled: Bool) -> Int {
        if isBilled, !kinds.isDisjoint(with: [.outOfRoom, .repeated]) { return 2 }
        return kinds == [.unread] ? 4 : 3
    }

    /// The room for the next answer, in tokens: enough for those that came, and not so much that one which never ends
    /// costs as many good ones. More and more where answers broke off that were none the worse for it.
    var room: Int {
        let longest = min(lengths.max() ?? 0, 1_000_000)
        let average = lengths.isEmpty ? 0 : min(lengths.reduce(0, +) / lengths.count, 1_000_000)
        let usual = max(Self.firstRoom, provenRoom, average * 5 / 2, longest * 5 / 4)
        return kinds.contains(.repeated) ? usual : usual << min(max(0, outOfRoom - 1), 4)
    }
}
