/// Why an engine gave no reading of a sheet.
///
/// Three kinds, told apart because they cost different things: the sheet's own fault fails that sheet; a passing
/// fault is tried again; a fault of the account or the model fails no sheet, work waits.
public enum TranscriptionError: Error, Sendable, Hashable {
    /// The picture cannot be read as a picture: final for this content.
    case unreadable(reason: String)
    /// The model declined to read this sheet (safety, recitation…): final for this content.
    case refused(reason: String)
    /// The answer broke off before its end; it is no answer.
    case cutOff
    /// The answer has no text; it is no answer.
    case empty
    /// The answer is not a JSON document that could be a sheet; it is no answer.
    case notJSON(excerpt: String)
    /// Too many requests in this minute.
    case rateLimited(retryAfter: Duration?)
    /// The provider is overloaded, unreachable or failing: it may pass by itself.
    /// `mayHaveBeenBilled` is true when the request had been sent whole.
    case unavailable(reason: String, retryAfter: Duration?, mayHaveBeenBilled: Bool)
    /// The key, the account or the model itself is refused: the model waits, no sheet fails.
    case modelPaused(reason: String, retryAfter: Duration?)
    /// The key was refused outright (exit status 77).
    case keyRefused(reason: String)
    /// A program that this engine needs is missing on this machine.
    case toolMissing(name: String, package: String)
    /// The work was cancelled.
    case cancelled
}
