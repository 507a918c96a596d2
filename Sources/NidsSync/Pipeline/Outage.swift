/// Something that stops more than one sheet.
enum Outage: Error, Sendable, Hashable {
    case loginRefused(String)
    case keyRefused(String)
    case nextcloud(String)
    case uploads(String)
    case observations(String)
    case observationsRefused(String)
    case observationsMisconfigured(String)
    case model(label: String, String)
    /// A model that rests by design: a daily quota, a missing budget.
    case modelPaused(label: String, String)

    /// What happened, in words.
    var explanation: String {
        switch self {
        case .loginRefused(let reason), .keyRefused(let reason), .nextcloud(let reason), .uploads(let reason),
            .observations(let reason), .observationsRefused(let reason), .observationsMisconfigured(let reason),
            .model(_, let reason), .modelPaused(_, let reason):
            reason
        }
    }

    /// How a pass ends that met it.
    var status: ExitStatus {
        switch self {
        case .loginRefused, .keyRefused, .observationsRefused: .refused
        case .observationsMisconfigured: .configuration
        case .nextcloud, .uploads, .observations, .model: .unavailable
        case .modelPaused: .success
        }
    }
}
