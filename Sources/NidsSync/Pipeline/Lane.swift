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
