extension ModelStandInServer {
    /// The stand-in's behaviour.
    public typealias Configuration = StandInConfiguration
    /// The stand-in's answer to a request.
    public typealias Answer = ModelAnswer
    /// A part of a model's answer.
    public typealias Part = AnswerPart
    /// A request for an answer.
    public typealias Call = ModelCall
    /// A file inside a request.
    public typealias Inline = InlineFile
    /// A request before it is looked at.
    public typealias Incoming = IncomingRequest
    /// The protocols spoken.
    public typealias API = ModelAPI
    /// The requests that an OpenAI-compatible server takes.
    public typealias Chat = ChatRules
    /// A batch of requests.
    public typealias Batch = ModelBatch
    /// The state of a batch.
    public typealias BatchState = ModelBatchState
    /// The end of a batch.
    public typealias BatchOutcome = ModelBatchOutcome
}
