import HarnessSupport

/// When a run of the program is killed.
enum KillInstant: Sendable, CustomStringConvertible {
    /// That long after it was started.
    case after(Duration)
    /// A moment after something has happened that often.
    case event(Event, times: Int, delay: Duration)

    /// What can be seen from outside.
    enum Event: String, Sendable, CaseIterable {
        case listing, download, asked, answered, upload, uploaded, stored, recorded
    }

    var description: String {
        switch self {
        case .after(let time): "after \(time.milliseconds) ms"
        case .event(let event, let times, let delay): "\(delay.milliseconds) ms after \(event) × \(times)"
        }
    }

    /// Any instant of a run's whole life, or one close to a chosen step.
    static func random(lifetime: Duration, pending: Int, using generator: inout SeededGenerator) -> KillInstant {
        if generator.happens(pending > 0 ? 0.3 : 0.6) { return .after(generator.time(upTo: lifetime)) }
        let event = (pending > 0 ? Event.allCases : [.listing, .stored]).randomElement(using: &generator) ?? .stored
        let most =
            switch event {
            case .stored: 8 + 4 * pending
            case .recorded: max(1, pending)
            case .listing: 4
            default: generator.happens(0.85) ? 1 : pending
            }
        return .event(
            event, times: Int.random(in: 1...most, using: &generator),
            delay: generator.happens(0.4) ? .zero : generator.time(upTo: .milliseconds(12)))
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) }
}
