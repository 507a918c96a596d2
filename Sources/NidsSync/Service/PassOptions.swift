/// The options of one pass.
public struct PassOptions: Sendable {
    /// Only below this folder.
    public var path: String?
    /// At most so many sheets.
    public var limit: Int?
    /// Write nothing anywhere, the state included.
    public var isDryRun = false
    public var acceptChange = false
    public var takeOver = false
    /// Paid models are asked by batch, where they offer it.
    public var usesBatch = false
    /// Wait for retries that are due within this time.
    public var patience: Duration = .seconds(120)
    /// Go on looking and working until somebody asks to stop.
    var isContinuous = false

    public init() {}

    /// Set where it is about a part of the sheets only, so that nothing is inferred from the others.
    var isPartial: Bool { path != nil || limit != nil }
}
