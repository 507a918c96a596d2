/// A reason for which the observations' database did not do what it was asked, and what a person can do about it.
public enum ObservationError: Error, Sendable, Hashable {
    /// It cannot be reached, cannot work just now or is busy: to be tried again later (69). The reason names the
    /// server and its own words for it.
    case unreachable(reason: String)
    /// It refuses the login (77).
    case refused(reason: String)
    /// A person must change something (78): there is no such database, a right is missing, which the reason names with
    /// its `GRANT`, TLS does not come about, the server is too old or of another kind, or the tables are not ours.
    case misconfigured(reason: String)
    /// It does not take this sheet's data; other sheets are not concerned.
    case rejected(sheet: SheetKey, reason: String)
}

extension ObservationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let reason): "The observations' database is out of reach: \(reason). Recording waits."
        case .refused(let reason):
            "The observations' database refuses the login: \(reason). Check observations.user and .password."
        case .misconfigured(let reason): "The observations' database cannot be used: \(reason)."
        case .rejected(let sheet, let reason):
            "The observations of \(sheet.readablePath) cannot be recorded: \(reason). Correct its result in Nextcloud."
        }
    }
}
