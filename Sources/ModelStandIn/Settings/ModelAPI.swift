/// The protocols that requests speak.
public enum ModelAPI: Sendable, Hashable {
    /// Google's `generateContent` and what belongs to it.
    case gemini
    /// OpenAI's chat completions.
    case openAI
}
