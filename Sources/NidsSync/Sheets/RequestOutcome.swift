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
    case empty
    case notJSON = "not json"
    case rateLimited = "rate limited"
    case modelPaused = "model paused"
    case keyRefused = "key refused"
    case toolMissing = "tool missing"
    case toolFailed = "tool failed"
    case machineFault = "machine fault"
    case batchFailed = "batch failed"

    /// The model, or its provider, declined this very content.
    static let declined: [RequestOutcome] = [.refused, .unreadable]
    /// An answer came that was none.
    static let unusable: [RequestOutcome] = [.cutOff, .empty, .notJSON]
    /// The ends that speak against asking again until a person forgives them.
    static let forgivable: [RequestOutcome] = [.lost, .batchFailed] + declined + unusable
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
        case .empty: .empty
        case .notJSON: .notJSON
        case .rateLimited: .rateLimited
        case .modelPaused: .modelPaused
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
    /// Declined by the model, or not readable as a picture.
    var declined = 0
    /// Answers that broke off.
    var cutOff = 0
    /// Answers that were none: broken off, empty, no sheet.
    var unusable = 0
}
