/// The reason why the work on one sheet could not be done.
enum WorkFault: Error, Sendable, Equatable {
    /// The sheet failed, for good until its content changes or a person asks.
    case failed(reason: String)
    /// Something stood in the way that may pass; `counts` towards the limit of tries, `visible` as a failure today.
    case later(reason: String, after: Duration?, counts: Bool, visible: Bool)
    /// Somebody has a file open or locked: it is no failure, until it lasts so long that only a person can mend it. The
    /// first pause; it grows.
    case occupied(reason: String, after: Duration)
    /// The sheet waits for something that the `CircuitBreaker` knows to fail.
    case waiting(reason: String)
    /// A tool of ours met its end on the sheet: it is tried again, and its start counts as one that died.
    case deadly(reason: String)
    /// Something happened to the sheet meanwhile: it is looked at again.
    case superseded
}
