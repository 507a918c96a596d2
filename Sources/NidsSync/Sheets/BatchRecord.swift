import Foundation

/// A batch of requests as the state knows it.
struct BatchRecord: Sendable, Equatable {
    enum Stage: String, Sendable, CaseIterable {
        /// Its file of requests is being written; nothing has been sent.
        case gathering
        /// It may have been sent.
        case sending
        /// The provider has it.
        case sent
        /// Nothing more is awaited of it.
        case done
    }

    var id: Int64
    var model: String
    /// Ours, stored before anything is sent.
    var displayName: String
    /// The provider's.
    var name: String?
    var stage: Stage
    var madeAt: Date
    var sentAt: Date?
    /// The earliest time at which it is looked at again.
    var nextLook: Date?
    /// Looks since something last happened to it.
    var looks: Int
    /// The reason why it is not where it should be, in words.
    var note: String?
    /// Set where it was sent by a state that is lost: what is in it shows when it is done.
    var isInherited: Bool
    /// Requests whose results are awaited, as far as is known.
    var awaited: Int
}

/// A request of a batch that is under way.
struct AwaitedRequest: Sendable {
    var id: Int64
    var promptVersion: Int?
}
