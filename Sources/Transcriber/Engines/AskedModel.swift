/// Which model was asked, as messages and settings name it.
struct AskedModel: Sendable {
    /// Our label.
    let label: String
    /// The provider's id.
    let id: String

    /// The model is retired, unknown, or not for this account: only another setting helps.
    func notOffered(_ words: String) -> TranscriptionError {
        .modelPaused(
            reason: "the provider does not offer \(id) to this account: set transcription.engines.\(label).model, or "
                + "another label in transcription.models (\(words))", retryAfter: nil)
    }

    /// There is no such API at that address.
    func wrongAddress(_ words: String) -> TranscriptionError {
        .modelPaused(reason: "\(words): check transcription.engines.\(label).base_url", retryAfter: nil)
    }
}

/// Refusals for too many requests, as all providers word them.
enum Quota {
    /// A delay longer than that is none of the quota of a minute.
    private static let longestOfMinute = Duration.seconds(120)

    /// True when nothing is granted at all: `limit: 0`, for a model that the account does not get.
    static func grantsNothing(_ words: String) -> Bool { words.contains(#/limit: 0(?![.,]?\d)/#) }

    /// A refusal for too many requests, where no more is known of it.
    ///
    /// Behind a long delay all requests would wait where nobody sees it: then the model is paused.
    static func refusal(by who: String, retryAfter: Duration?, words: String) -> TranscriptionError {
        guard let retryAfter, retryAfter > longestOfMinute else { return .rateLimited(retryAfter: retryAfter) }
        let minutes = (retryAfter.components.seconds + 59) / 60
        return .modelPaused(reason: "\(who) asks to be left alone for \(minutes) min: \(words)", retryAfter: retryAfter)
    }
}
