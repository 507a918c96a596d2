/// Something that stops more than one sheet.
enum Outage: Error, Sendable, Hashable {
    case loginRefused(String)
    case keyRefused(label: String, String)
    case nextcloud(String)
    case uploads(String)
    /// Results may not be written, in one folder or anywhere: rights that a person gives.
    case rights(String)
    case observations(String)
    case observationsRefused(String)
    case observationsMisconfigured(String)
    case model(label: String, String)
    /// This machine: no room, too many open files.
    case machine(String)
    /// A model that is paused by design: a daily quota, a missing budget.
    case modelPaused(label: String, String)

    /// The reason, in words.
    var explanation: String {
        switch self {
        case .loginRefused(let reason), .keyRefused(_, let reason), .nextcloud(let reason), .uploads(let reason),
            .rights(let reason), .machine(let reason), .observations(let reason), .observationsRefused(let reason),
            .observationsMisconfigured(let reason), .model(_, let reason), .modelPaused(_, let reason):
            reason
        }
    }

    /// Set for a fault of an account or a model, which a person has to put right, and for the quota of a day.
    var isOfModel: Bool {
        switch self {
        case .keyRefused, .modelPaused: true
        default: false
        }
    }

    /// Set for what a person puts right, who looks whether it works then: rights, room.
    var isEndedByPerson: Bool {
        switch self {
        case .rights, .machine: true
        default: false
        }
    }

    /// Set where a key was refused.
    var isRefusedKey: Bool {
        if case .keyRefused = self { true } else { false }
    }

    /// The exit status of a pass that met it.
    var status: ExitStatus {
        switch self {
        case .loginRefused, .keyRefused, .observationsRefused: .refused
        case .observationsMisconfigured: .configuration
        case .nextcloud, .uploads, .rights, .machine, .observations, .model: .unavailable
        case .modelPaused: .success
        }
    }
}
