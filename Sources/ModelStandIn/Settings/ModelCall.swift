/// A request for an answer, well-formed.
public struct ModelCall: Sendable, Hashable {
    /// The protocol that it spoke.
    public var api: ModelAPI
    /// The provider's id of the model.
    public var model: String
    /// The key of a batch's line.
    public var key: String?
    /// The files that came with it, in their order.
    public var inline: [InlineFile]
    /// The texts that came with it, in their order.
    public var texts: [String]
    /// True where every file stands before every text, as Google advises for a single picture.
    public var filesFirst: Bool
    /// `generationConfig`, or all but the messages of a chat completion, as JSON with sorted keys.
    public var generationConfig: String
    /// `store`, where Google is asked.
    public var store: Bool?
}
