/// An answer to a request, in either protocol.
public enum ModelAnswer: Sendable {
    /// The model's text, whole.
    case text(String)
    /// Several parts, thoughts among them, and the reason why the model stopped.
    case parts([AnswerPart], finishReason: String?)
    /// The first characters of a text, with `MAX_TOKENS`.
    case truncated(String, keeping: Int)
    /// No text, and the reason: `SAFETY`, `RECITATION`…
    case refused(finishReason: String)
    /// The request itself was blocked: no candidate, but `promptFeedback`.
    case blocked(reason: String)
    /// A candidate list that is empty, without a reason.
    case noCandidates
    /// An error in Google's form.
    case fault(GoogleFault)
    /// Any JSON document.
    case json([String: any Sendable])
    /// Any bytes.
    case raw(status: Int, headers: [String: String], body: String)
    /// Never an answer.
    case hang
    /// The connection is closed without a byte, after the whole request was taken.
    case cut
    /// The connection is closed in the middle of the answer.
    case cutInside

    /// 503, as Google answers under load.
    public static let overloaded = ModelAnswer.fault(.unavailable(retryAfter: nil))
}
