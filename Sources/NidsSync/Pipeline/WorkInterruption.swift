/// Why the work on one sheet stopped before its end.
enum WorkInterruption: Error, Sendable {
    /// The sheet failed, for good until its content changes or a person asks.
    case failed(reason: String)
    /// Something stood in the way that may pass; `counts` towards the limit of tries, `visible` as a failure today.
    case later(reason: String, after: Duration?, counts: Bool, visible: Bool)
    /// The sheet waits by design: a paused model, a stop, a service out of reach.
    case waiting(reason: String)
}

/// Something that stops more than one sheet.
enum Outage: Error, Sendable, Hashable {
    case loginRefused(String)
    case keyRefused(String)
    case nextcloud(String)
    case uploads(String)
    case observations(String)
    case observationsRefused(String)
    case observationsMisconfigured(String)
    case model(label: String, String)
    /// A model that rests by design: a daily quota, a missing budget.
    case modelPaused(label: String, String)
}
