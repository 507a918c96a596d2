import Foundation
import GRDB
import MariaDB
import TestSupport

/// The observations' database, as somebody else reads it: MariaDB, or a file in the state folder.
struct ObservationSource: Sendable {
    /// A row's columns as text; a blank is not there.
    typealias Columns = [String: String]

    let surroundings: Surroundings

    /// Rows, `nil` where the tables are not made yet. With a file, only while the program does not run.
    func rows(_ sql: String) async throws -> [Columns]? {
        if let database = surroundings.mariaDB { return try await Self.rows(sql, in: database) }
        return try surroundings.reading("observations.sqlite") { db in
            guard try db.tableExists("nids_controles") else { return nil }
            return try Row.fetchAll(db, sql: sql).map { row in
                Dictionary(
                    row.compactMap { name, value in
                        (String.fromDatabaseValue(value) ?? Int64.fromDatabaseValue(value).map(String.init))
                            .map { (name, $0) }
                    }, uniquingKeysWith: { first, _ in first })
            }
        } ?? nil
    }

    /// What is wrong with the file itself.
    func damage() throws -> String? {
        let found = try surroundings.reading("observations.sqlite") { db in
            try String.fetchOne(db, sql: "PRAGMA integrity_check")
        }
        return found == "ok" ? nil : found ?? nil
    }

    private static func rows(_ sql: String, in database: MariaDBServer.Database) async throws -> [Columns]? {
        let connection = MariaDBConnection(
            MariaDBConfiguration(
                host: database.host, port: database.port, name: database.name, user: database.user,
                password: database.password))
        try await connection.open()
        let made = try await connection.query(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'nids_controles'")
        let rows = made.isEmpty ? nil : try await connection.query(sql)
        await connection.close()
        return rows?.map { row in
            Dictionary(
                zip(row.columns, row.values).compactMap { name, value in Self.text(value).map { (name, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    private static func text(_ value: MariaDBValue) -> String? {
        switch value {
        case .null: nil
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}
