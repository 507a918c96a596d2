/// A part of a model's answer.
public struct AnswerPart: Sendable, Hashable {
    /// The words.
    public var text: String
    /// True for a thought, which is not part of the answer.
    public var thought: Bool

    /// A part of the answer itself unless it is said to be a thought.
    public init(_ text: String, thought: Bool = false) {
        self.text = text
        self.thought = thought
    }
}
