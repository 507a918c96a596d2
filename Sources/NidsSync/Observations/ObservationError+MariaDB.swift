import MariaDB

extension MariaDBError {
    /// How often the same is tried before it is told.
    var attempts: Int {
        switch self {
        case .lostConnection, .notConnected: 2
        case .lockConflict: 3
        // Another program inserted the same row between our look and our insert: the next look finds it.
        case .statement(code: Self.duplicateKey, _, _): 3
        default: 1
        }
    }

    private static let duplicateKey = 1062
}

extension ObservationError {
    /// The rights that are needed on the database, as `GRANT` spells them.
    static let rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES, CREATE VIEW"

    init(_ error: MariaDBError, _ configuration: MariaDBConfiguration, sheet: SheetKey?) {
        switch error {
        case .cannotConnect, .lostConnection, .unavailable, .lockConflict, .notConnected:
            self = .unreachable(reason: "\(error)")
        case .accessDenied(let user, let reason):
            self = .refused(reason: "\(configuration.server) says to \(user): \(reason)")
        case .tls:
            self = .misconfigured(reason: "\(error): check observations.ca_file")
        case .unknownDatabase:
            self = .misconfigured(
                reason: "\(error): create it, grant \(configuration.user) rights on it, or correct observations.name")
        case .missingRight(_, let message):
            let right = message.split(separator: " command denied").first.flatMap {
                message.contains(" command denied") ? String($0) : nil
            }
            self = .misconfigured(
                reason: """
                    \(configuration.user) lacks \(right.map { "the right \($0)" } ?? "a right"): \(message); an \
                    administrator grants it with GRANT \(right ?? Self.rights) ON `\(configuration.name)`.* \
                    TO '\(configuration.user)'@'…'
                    """)
        case .statement(_, let sqlState, _):
            // SQLSTATE classes 22 and 23: the data, not the statement.
            if let sheet, sqlState.hasPrefix("22") || sqlState.hasPrefix("23") || Self.isDataError(error) {
                self = .rejected(sheet: sheet, reason: "\(error)")
            } else {
                self = .misconfigured(reason: "\(error): its nids_ tables are not those of this version of nids-sync")
            }
        }
    }

    /// Errors of the data to which MariaDB gives the general SQLSTATE: wrong value, truncated value, packet too large.
    private static func isDataError(_ error: MariaDBError) -> Bool {
        guard case .statement(let code, _, _) = error else { return false }
        return [1153, 1265, 1366].contains(code)
    }
}
