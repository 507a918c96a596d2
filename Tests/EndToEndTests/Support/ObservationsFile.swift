import GRDB

/// The observations in the state folder, as another program reads them.
struct ObservationsFile {
    let path: String

    /// Rows as text; a blank is `nil`.
    func rows(_ sql: String) throws -> [[String?]] {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration).read { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.databaseValues.map { String.fromDatabaseValue($0) ?? Int64.fromDatabaseValue($0).map(String.init) }
            }
        }
    }

    /// Everything that the views show people, without our own numbers.
    func views() throws -> [[String?]] {
        try rows("SELECT * FROM nids_v_fiches ORDER BY chemin").map { Array($0.dropFirst(2)) }
            + rows("SELECT * FROM nids_v_visites ORDER BY chemin, rang").map { Array($0.dropFirst(2)) }
    }
}

extension ObservationsFile {
    /// Everything in our tables, our own numbers and times included.
    func tables() throws -> [String: [[String?]]] {
        var tables: [String: [[String?]]] = [:]
        for name in try rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'nids%'").compactMap(
            \.[0])
        {
            tables[name] = try rows("SELECT * FROM \(name) ORDER BY 1")
        }
        return tables
    }
}
