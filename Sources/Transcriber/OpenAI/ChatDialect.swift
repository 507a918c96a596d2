import Synchronization

/// The form of request that one server has turned out to take.
final class ChatDialect: Sendable {
    /// The parts of a request that servers differ in.
    struct Form: Sendable, Hashable {
        var format = Format.jsonSchema
        var tokenLimit = TokenLimit.maxTokens
        /// True when the other name has been tried: then only sending none is left.
        var hasSwitchedTokenLimit = false
        /// The most tokens that the server says it gives in one answer.
        var mostTokens: Int?
        var sendsTemperature = true
        var sendsReasoningEffort = true
    }

    /// `response_format`, from the most binding to none.
    enum Format: Int, Sendable, Hashable, Comparable {
        case jsonSchema, jsonObject, text
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
        var next: Self? { Self(rawValue: rawValue + 1) }
    }

    /// The field that limits an answer: OpenAI's newer models refuse the old one, others do not know the new one.
    enum TokenLimit: String, Sendable, Hashable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case none = ""
    }

    private let current: Mutex<Form>

    init(isOpenAIs: Bool) {
        var form = Form()
        if isOpenAIs { form.tokenLimit = .maxCompletionTokens }
        current = Mutex(form)
    }

    var form: Form { current.withLock(\.self) }

    /// Remembers that a server takes no more than that; one of several requests at once may know more than another.
    ///
    /// - Parameter keepingLimit: Whether the form says nothing of which limit is taken.
    func settle(for form: Form, keepingLimit: Bool = false) {
        current.withLock { known in
            known.format = max(known.format, form.format)
            if !keepingLimit, known.tokenLimit != .none, form.hasSwitchedTokenLimit || !known.hasSwitchedTokenLimit {
                known.tokenLimit = form.tokenLimit
                known.hasSwitchedTokenLimit = form.hasSwitchedTokenLimit
            }
            known.mostTokens = [known.mostTokens, form.mostTokens].compactMap { $0 }.min()
            known.sendsTemperature = known.sendsTemperature && form.sendsTemperature
            known.sendsReasoningEffort = known.sendsReasoningEffort && form.sendsReasoningEffort
        }
    }
}
