import Foundation
import Transcriber

/// An answer as it came, or as a result in Nextcloud tells of it.
struct ReceivedAnswer: Sendable {
    var answer: EngineAnswer
    var promptVersion: Int
    var askedAt: Date
    var receivedAt: Date
    /// The cost, in the currency of the prices; `nil` where it is not known.
    var cost: Double?
    var isOfBatch = false
    /// The remarks of an adopted result on its reading, as JSON.
    var remarks: String?
}

/// A stored answer.
struct StoredAnswer: Sendable {
    var id: Int64
    var text: String
    var promptVersion: Int
    /// The provider's own id of the model.
    var providerModel: String
    var usage: TokenUsage?
    /// In seconds since 1970.
    var askedAt: Double
    /// In seconds since 1970.
    var receivedAt: Double
    /// Set where it was one of a batch.
    var isOfBatch = false
    /// The remarks of an adopted result on its reading, as JSON; `nil` where the text itself tells.
    var remarks: String?
}

/// A model's answer for a sheet, as the consensus compares it with others.
struct StoredReading: Sendable, Equatable {
    var model: String
    var answerID: Int64
    var text: String
}
