/// What became of a job in a lane.
enum WorkOutcome: Sendable, Equatable {
    /// It goes on in that lane.
    case goesOn(Lane)
    /// It is done, or has failed.
    case ended
    /// It goes on at a time that is stored.
    case postponed
    /// It waits for something that cannot be had, or something happened to it meanwhile.
    case returned
}
