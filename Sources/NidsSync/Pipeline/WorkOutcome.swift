/// The outcome of the work on a job in a lane.
enum WorkOutcome: Sendable, Equatable {
    /// It goes on in that lane.
    case goesOn(Lane)
    /// It is done, has failed, or waits for a batch.
    case ended
    /// It goes on at a time that is stored.
    case postponed
    /// It waits for something that cannot be had, or something happened to it meanwhile.
    case returned
}
