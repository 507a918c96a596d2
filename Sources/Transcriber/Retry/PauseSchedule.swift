/// When a model that is paused for a fault of the account or the model is tried again, with one request.
public enum PauseSchedule {
    private static let intervals: [Duration] = [
        .seconds(60), .seconds(120), .seconds(300), .seconds(900), .seconds(1800),
    ]
    private static let longest = Duration.seconds(3600)

    /// The wait before the next try: one minute first, an hour at last, never less than what the provider asked for.
    ///
    /// - Parameters:
    ///   - attempt: How many requests in a row have met such a fault, from 1.
    ///   - retryAfter: What the provider asked for; for the quota of a day, until that day ends.
    public static func wait(attempt: Int, retryAfter: Duration? = nil) -> Duration {
        let index = max(1, attempt) - 1
        let interval = intervals.indices.contains(index) ? intervals[index] : longest
        // A named time is kept to: trying earlier would only burn attempts.
        return max(interval, retryAfter ?? .zero)
    }
}
