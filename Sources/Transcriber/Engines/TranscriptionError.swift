/// Reasons for which an engine gave no reading of a sheet.
///
/// Three kinds, told apart because they cost different things: the sheet's own fault fails that sheet; a passing
/// fault is tried again; a fault of the account or the model fails no sheet, work waits.
public enum TranscriptionError: Error, Sendable, Hashable {
    /// The picture cannot be read as a picture: final for this content.
    case unreadable(reason: String)
    /// The model declined to read this sheet (safety, recitation…), often by chance: it is asked a few times.
    case refused(reason: String)
    /// The answer broke off before its end; it is no answer.
    case cutOff
    /// The answer said the same again and again until its room was used up; it is no answer, and more room would be
    /// filled in the same way.
    case repeated(excerpt: String)
    /// The model used up all the room of its answer for thinking; it is no answer.
    case thoughtsOnly
    /// The answer has no text; it is no answer.
    case empty
    /// The answer is not a JSON document that could be a sheet; it is no answer.
    case notJSON(excerpt: String)
    /// The provider refused the request in words that are not known, where it takes others of the same form: it is
    /// this sheet's, or more room than usual that it does not give.
    case rejected(reason: String)
    /// The server takes no sheet of several pages, for want of a setting: these wait, the others go on.
    case severalPagesRefused(reason: String)
    /// Too many requests in this minute.
    case rateLimited(retryAfter: Duration?)
    /// The provider is overloaded, unreachable or failing: it may pass by itself.
    /// `mayHaveBeenBilled` is true when the request had been sent whole.
    case unavailable(reason: String, retryAfter: Duration?, mayHaveBeenBilled: Bool)
    /// The key, the account or the model itself is refused: the model waits, no sheet fails.
    case modelPaused(reason: String, retryAfter: Duration?)
    /// The key was refused outright (exit status 77).
    case keyRefused(reason: String)
    /// A program of this machine hung or crashed on this scan. No model was asked; it counts against the scan, and a
    /// few such ends in a row are one for good.
    case toolFailed(reason: String)
    /// This machine is in want of something: room on a disk, memory, files, processes. It says nothing of the scan or
    /// the model: the sheet waits with that reason and is tried again.
    case machineFault(reason: String)
    /// A program that this engine needs is missing on this machine.
    case toolMissing(name: String, package: String)
    /// The work was cancelled.
    case cancelled
}

extension TranscriptionError {
    /// Whose fault it is, which decides what it costs.
    public enum Blame: Sendable, Hashable {
        /// This content's: asking again gives the same.
        case sheet
        /// Of this one answer: the sheet may be asked for again, a few times.
        case answer
        /// Nobody's for long: it is tried again.
        case passing
        /// The account's, the key's or the model's: no sheet fails, and one request at growing intervals
        /// (`PauseSchedule`) finds out when it is over.
        case model
        /// A program of ours met its end on this scan: to be counted, like starts that die on it.
        case tool
        /// This machine's: no sheet fails, work waits until somebody has mended it.
        case machine
        /// The work was cancelled.
        case nobody
    }

    /// Whose fault it is.
    public var blame: Blame {
        switch self {
        case .unreadable: .sheet
        case .refused, .cutOff, .repeated, .thoughtsOnly, .empty, .notJSON, .rejected: .answer
        case .rateLimited, .unavailable: .passing
        case .modelPaused, .keyRefused, .severalPagesRefused: .model
        case .toolFailed: .tool
        case .toolMissing, .machineFault: .machine
        case .cancelled: .nobody
        }
    }

    /// The delay that the provider asks for, where it says so; for the quota of a day, until that day ends.
    public var retryAfter: Duration? {
        switch self {
        case .rateLimited(let delay), .unavailable(_, let delay, _), .modelPaused(_, let delay): delay
        default: nil
        }
    }
}
