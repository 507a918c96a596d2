import DAV
import GRDB

/// Statements written as literals, in which values are interpolated as arguments; each is prepared once.
extension Database {
    /// The first row.
    func row(_ sql: SQL) throws -> Row? { try Row.fetchOne(cachedStatement(literal: sql)) }

    /// All rows.
    func rows(_ sql: SQL) throws -> [Row] { try Row.fetchAll(cachedStatement(literal: sql)) }

    /// Hands out all rows one by one; one is not to be kept.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        let rows = try Row.fetchCursor(cachedStatement(literal: sql))
        while let row = try rows.next() { try body(row) }
    }

    /// The first column of the first row, `nil` where there is none or it is NULL.
    func value<Value: DatabaseValueConvertible>(_ sql: SQL) throws -> Value? {
        try Value.fetchOne(cachedStatement(literal: sql))
    }

    /// The first column of all rows.
    func values<Value: DatabaseValueConvertible>(_ sql: SQL) throws -> [Value] {
        try Value.fetchAll(cachedStatement(literal: sql))
    }

    /// The paths in the column `path`.
    func paths(_ sql: SQL) throws -> [RemotePath] { try rows(sql).map { try $0.known("path") } }

    /// `true` when the query has a row.
    func exists(_ query: SQL) throws -> Bool {
        try Bool.fetchOne(cachedStatement(literal: "SELECT EXISTS (\(query))")) ?? false
    }

    /// Executes a change.
    /// - Returns: the number of rows changed.
    @discardableResult
    func change(_ sql: SQL) throws -> Int {
        try cachedStatement(literal: sql).execute()
        return changesCount
    }
}
