extension MariaDBSession {
    /// The oldest MariaDB that is supported: the first whose `CREATE` statements are atomic.
    private static let oldestVersion = (major: 10, minor: 6)

    /// Makes the session ours: whatever the server's configuration, its `init_connect` or a proxy between would have
    /// it be, it is set, and what was set is looked at.
    /// - Throws: `unsuitable` for another product, an old version, or variables that did not take; `unavailable` for a
    ///   node that is no part of its cluster; else as a statement does.
    func takeOver(_ address: MariaDBAddress, statementTimeout: Duration) throws(MariaDBError) {
        try run("SET NAMES utf8mb4")
        do throws(MariaDBError) {
            try run(Self.settings(statementTimeout))
            try run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE")
        } catch {
            // Another product, or an old version, does not know all of them.
            if !error.endsConnection { try checkVersion(address) }
            throw error
        }
        try checkVersion(address)
        let found = try variables(["max_allowed_packet", "wsrep_on"])
        packetLimit = found["max_allowed_packet"].flatMap(Int.init) ?? .max
        if found["wsrep_on"] == "ON" {
            try requireReadyNode()
            // What this program recorded through another node is waited for before anything is looked up.
            try run("SET SESSION wsrep_sync_wait = 7")
        }
        try check(address)
        account = try query("SELECT CURRENT_USER() AS v").first?["v"]?.text.flatMap(Self.quoted)
    }

    private static func settings(_ statementTimeout: Duration) -> String {
        // Long enough that a silent connection is given up on this side first; the server then ends what still runs.
        let longest = max(1, statementTimeout.components.seconds) + 5
        return """
            SET SESSION max_statement_time = \(longest), sql_select_limit = 18446744073709551615, \
            sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,\
            NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION', sql_safe_updates = 0, \
            sql_big_selects = 1, sql_auto_is_null = 0, time_zone = '+00:00', \
            autocommit = 1, completion_type = 0, foreign_key_checks = 1, unique_checks = 1, \
            innodb_lock_wait_timeout = 20, lock_wait_timeout = 20
            """
    }

    private func checkVersion(_ address: MariaDBAddress) throws(MariaDBError) {
        let version = try query("SELECT VERSION() AS v").first?["v"]?.text ?? "unknown"
        let (major, minor) = Self.oldestVersion
        let needed = "MariaDB \(major).\(minor) or later is needed"
        guard version.lowercased().contains("mariadb") else {
            throw .unsuitable(server: address.description, reason: "it is no MariaDB (version \(version)); \(needed)")
        }
        let numbers = version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
        guard numbers.count == 2, numbers[0] > major || (numbers[0] == major && numbers[1] >= minor) else {
            throw .unsuitable(server: address.description, reason: "it is MariaDB \(version); \(needed)")
        }
    }

    private func requireReadyNode() throws(MariaDBError) {
        let status = try query("SHOW STATUS LIKE 'wsrep_ready'").first?["Value"]?.text
        guard status == "ON" else {
            throw .unavailable(
                code: ServerCode.notReady,
                message: "this node is no part of its cluster just now (wsrep_ready is \(status ?? "unknown"))")
        }
    }

    /// Looks at what was set, with the server's own words and with a text that only UTF-8 counts rightly.
    private func check(_ address: MariaDBAddress) throws(MariaDBError) {
        let expected = [
            "character_set_client": "utf8mb4", "character_set_connection": "utf8mb4",
            "character_set_results": "utf8mb4", "autocommit": "ON", "sql_safe_updates": "OFF",
            "foreign_key_checks": "ON", "time_zone": "+00:00", "tx_isolation": "REPEATABLE-READ",
            "transaction_isolation": "REPEATABLE-READ", "tx_read_only": "OFF", "transaction_read_only": "OFF",
        ]
        let found = try variables(expected.keys.sorted() + ["sql_mode"])
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
            if let other = found[name], other != value { throw Self.notOurs(address, name, other, value) }
        }
        let modes = (found["sql_mode"] ?? "").split(separator: ",")
        guard modes.contains("STRICT_ALL_TABLES") else {
            throw Self.notOurs(address, "sql_mode", found["sql_mode"] ?? "", "STRICT_ALL_TABLES")
        }
        let sample = "é🥚"
        let echo = try query("SELECT CHAR_LENGTH(?) AS n, ? AS v", [.text(sample), .text(sample)]).first
        guard echo?["n"] == .int(2), echo?["v"] == .text(sample) else {
            throw .unsuitable(
                server: address.description,
                reason:
                    "it, or a proxy before it, does not take texts as UTF-8 although it was told to (SET NAMES utf8mb4)"
            )
        }
    }

    private static func notOurs(
        _ address: MariaDBAddress, _ name: String, _ found: String, _ wanted: String
    ) -> MariaDBError {
        .unsuitable(
            server: address.description,
            reason: "it, or a proxy before it, keeps \(name) at \(found) although it was set to \(wanted)")
    }

    /// The session's variables of these names, those that this server has.
    private func variables(_ names: [String]) throws(MariaDBError) -> [String: String] {
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        var values: [String: String] = [:]
        for row in try query("SHOW SESSION VARIABLES WHERE Variable_name IN (\(list))") {
            guard case .text(let name)? = row["Variable_name"], case .text(let value)? = row["Value"] else { continue }
            values[name] = value
        }
        return values
    }

    /// `anne@%` as `GRANT` wants it.
    private static func quoted(_ account: String) -> String? {
        guard let at = account.lastIndex(of: "@") else { return nil }
        let (user, host) = (account[..<at], account[at...].dropFirst())
        return "'\(user.replacing("'", with: "''"))'@'\(host.replacing("'", with: "''"))'"
    }
}
