import MariaDB

extension MariaDBError {
    /// The number of times that a transaction is tried before its failure is told: the next one, or the next of so
    /// many servers, may succeed.
    func attempts(servers: Int) -> Int {
        switch self {
        case .lostConnection, .notConnected: 1 + servers
        case .lockConflict: 30
        case .unavailable: servers
        // Another program inserted the same row, or deleted the one ours belongs to, between our look and our insert:
        // the next look finds it.
        case .statement(code: Self.duplicateKey, _, _), .statement(code: Self.missingParent, _, _): 3
        default: 1
        }
    }

    private static let duplicateKey = 1062
    private static let missingParent = 1452
}

extension ObservationError {
    /// The rights that are needed on the database, as `GRANT` spells them.
    static let rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES, CREATE VIEW"

    init(_ error: MariaDBError, _ configuration: MariaDBConfiguration, sheet: SheetKey?) {
        switch error {
        case .cannotConnect:
            self = .unreachable(reason: "\(error)")
        case .lostConnection, .unavailable, .lockConflict, .notConnected:
            self = .unreachable(reason: "\(configuration.server): \(error)")
        case .accessDenied(let user, let reason):
            self = .refused(reason: "\(configuration.server) says to \(user): \(reason)")
        case .tls:
            self = .misconfigured(
                reason: """
                    \(error): check the server's certificate and observations.ca_file, or choose another \
                    observations.tls (off, required, verified)
                    """)
        case .unsuitable:
            self = .misconfigured(reason: "\(error)")
        case .unknownDatabase(let name, let reason):
            let grant = Self.grant(Self.rights, on: name, to: Self.account(in: reason), configuration)
            self = .misconfigured(
                reason: "\(error): create it (CREATE DATABASE `\(name)`) with \(grant), or correct observations.name")
        case .missingRight(_, let message, let account):
            self = .misconfigured(reason: Self.missing(message, account, configuration))
        case .missingTable:
            self = .misconfigured(
                reason: """
                    \(configuration.server): \(error): the nids_ tables of \(configuration.name) are not those of this \
                    version of nids-sync
                    """)
        case .statement(let code, let sqlState, _):
            let isData = ["22", "23"].contains(sqlState.prefix(2)) || Self.dataErrors.contains(code)
            if let sheet, isData {
                self = .rejected(sheet: sheet, reason: "\(error)")
            } else if sqlState.hasPrefix("42") {
                self = .misconfigured(
                    reason: "\(configuration.server) cannot make sense of what nids-sync asks: \(error)")
            } else {
                self = .unreachable(reason: "\(configuration.server): \(error)")
            }
        }
    }

    /// Errors of the data to which MariaDB gives a general SQLSTATE: packet too large, truncated value, wrong value.
    private static let dataErrors = [1153, 1265, 1366]

    private static func missing(_ message: String, _ account: String?, _ configuration: MariaDBConfiguration) -> String
    {
        let right = message.split(separator: " command denied").first.flatMap {
            message.contains(" command denied") ? String($0) : nil
        }
        let grant = grant(right ?? rights, on: configuration.name, to: account, configuration)
        let lack = right.map { "the right \($0)" } ?? "a right"
        return "\(configuration.user) lacks \(lack): \(message); an administrator gives it with \(grant)"
    }

    private static func grant(
        _ rights: String, on database: String, to account: String?, _ configuration: MariaDBConfiguration
    ) -> String {
        let quoted = "`" + database.replacing("`", with: "``") + "`"
        let holder = account ?? "'\(configuration.user)'@'%'"
        // Of another application's database nothing need be dropped but views of ours, and that at an upgrade alone.
        guard rights == "DROP" else { return "GRANT \(rights) ON \(quoted).* TO \(holder)" }
        return ObservationViews.replaced.map { "GRANT DROP ON \(quoted).`\($0)` TO \(holder)" }.joined(separator: "; ")
    }

    /// `'anne'@'%'` out of "Access denied for user 'anne'@'%' to database 'nids'".
    private static func account(in message: String) -> String? {
        message.firstMatch(of: /'[^']*'@'[^']*'/).map { String($0.output) }
    }
}
