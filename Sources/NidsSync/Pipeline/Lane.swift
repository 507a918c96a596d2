/// A stage of the pipeline, with bounds of its own to how many jobs are in it at once.
enum Lane: Hashable, Sendable {
    case adopting
    case asking(model: String)
    case batching(model: String)
    case delivering

    /// Jobs that deliver at once; uploads themselves are fewer.
    static let deliveries = 16
    static let adoptions = 8
    /// Scans being written into a batch's file at once.
    static let gatherings = 8
    /// Scans fetched ahead of the requests that are worth having in hand.
    static let fetchedAhead = 8
}

/// A lane with those who work in it: the dispatcher hands out the jobs, and knows nothing of what is done with them.
struct StaffedLane: Sendable {
    let lane: Lane
    /// The number of jobs that may be in the lane just now.
    let capacity: @Sendable () -> Int
    /// The first jobs that are due, at most so many.
    let due: @Sendable (Int) async throws -> [DueJob]
    /// Does a job's work.
    let work: @Sendable (Int64) async throws -> WorkOutcome
}
