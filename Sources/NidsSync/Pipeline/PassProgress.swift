/// The progress of a pass, for people who watch.
public struct PassProgress: Sendable {
    /// Sheets finished in this pass, whatever came of them.
    public var finished: Int
    /// Sheets that this pass is about, as far as is known.
    public var total: Int
    /// Of the finished ones, those that failed.
    public var failed: Int
}
