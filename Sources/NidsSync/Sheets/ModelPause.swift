import Foundation

/// The reason why a model is not asked just now, as it was found last.
struct ModelPause: Sendable, Equatable {
    var model: String
    var reason: String
    var since: Date
    /// The earliest time at which it is asked again.
    var until: Date?
    /// Set where the provider itself named that time, as for the quota of a day: then a restart keeps to it.
    var isNamed: Bool
}
