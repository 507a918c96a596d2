/// The requests that an OpenAI-compatible server takes.
public struct ChatRules: Sendable {
    /// The kinds of `response_format` that are taken, besides `text`.
    public var formats: Set<String> = ["json_schema", "json_object"]
    /// True passes over a kind that is not taken, false refuses it.
    public var ignoresOtherFormats = false
    /// The names under which a limit of tokens is taken.
    public var tokenLimits: Set<String> = ["max_tokens", "max_completion_tokens"]
    /// True holds schemas to the rules of `strict`.
    public var checksStrictSchemas = true
    /// True takes `temperature`.
    public var takesTemperature = true
    /// The tokens that a request and its answer may have together; nil is no limit.
    public var context: Int?
    /// True refuses more than the context holds, as vLLM does; false breaks the answer off there, as Ollama does.
    public var refusesBeyondContext = true

    /// As OpenAI's own server.
    public init() {}
}
