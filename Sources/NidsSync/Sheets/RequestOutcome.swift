import Transcriber

/// The end of a request to a model, in the words that the state stores.
enum RequestOutcome: String, Sendable, CaseIterable {
    /// It brought an answer.
    case answered
    /// Sent, and no answer came back: it may have been billed.
    case lost
    case unavailable
    case unreadable
    case refused
    case cutOff = "cut off"
    case repeated
    case thoughtsOnly = "thoughts only"
    case rejected
    case empty
    case notJSON = "not json"
    case rateLimited = "rate limited"
    case modelPaused = "model paused"
    case keyRefused = "key refused"
    case toolMissing = "tool missing"
    case toolFailed = "tool failed"
    case machineFault = "machine fault"
    case batchFailed = "batch failed"

    /// The room of the answer was used up, which more of it may change.
    static let outOfRoom: [RequestOutcome] = [.cutOff, .thoughtsOnly]
    /// An answer came that was none.
    static let unusable: [RequestOutcome] = outOfRoom + [.repeated, .empty, .notJSON, .rejected]
    /// No usable answer came although the model, or its provider, was there to give one.
    static let fruitless: [RequestOutcome] = [.refused] + unusable
    /// The server failed over it, or went away.
    static let serverFailed: [RequestOutcome] = [.lost, .unavailable]
    /// The ends that speak against asking again until a person forgives them.
    static let forgivable: [RequestOutcome] = serverFailed + [.batchFailed, .unreadable] + fruitless
}

extension TranscriptionError {
    /// The outcome that a request which failed so is stored with.
    var requestOutcome: RequestOutcome {
        switch self {
        case .unavailable(_, _, mayHaveBeenBilled: true), .cancelled: .lost
        case .unavailable: .unavailable
        case .unreadable: .unreadable
        case .refused: .refused
        case .cutOff: .cutOff
        case .repeated: .repeated
        case .thoughtsOnly: .thoughtsOnly
        case .rejected: .rejected
        case .empty: .empty
        case .notJSON: .notJSON
        case .rateLimited: .rateLimited
        case .modelPaused, .severalPagesRefused: .modelPaused
        case .keyRefused: .keyRefused
        case .toolMissing: .toolMissing
        case .toolFailed: .toolFailed
        case .machineFault: .machineFault
        }
    }
}

/// The ends of the requests for one content so far, without those that a person has forgiven.
struct RequestHistory: Sendable, Equatable {
    /// Sent, and no answer came back: they may have been billed.
    var lost = 0
    /// Not readable as a picture.
    var unreadable = 0
    /// Declined by the model, which may be chance.
    var refused = 0
    /// Answers whose room was used up.
    var cutOff = 0
    /// Answers that said the same without end.
    var repeated = 0
    /// Answers that were none: broken off, empty, no sheet.
    var unusable = 0
}
