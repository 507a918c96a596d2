/// Why the work on one sheet stopped before its end.
enum WorkInterruption: Error, Sendable {
    /// The sheet failed, for good until its content changes or a person asks.
    case failed(reason: String)
    /// Something stood in the way that may pass; `counts` towards the limit of tries, `visible` as a failure today.
    case later(reason: String, after: Duration?, counts: Bool, visible: Bool)
    /// The sheet waits for something that `Availability` knows cannot be had.
    case waiting(reason: String)
    /// Something happened to the sheet meanwhile: it is looked at again.
    case superseded
    /// A batch will bring its answer, as the state says.
    case awaited
    /// It goes on in another lane, as the state says.
    case goesOn(Lane)
}
