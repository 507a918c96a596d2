/// A value bound to a statement, or read from a column.
public enum MariaDBValue: Sendable, Hashable {
    case null
    case int(Int64)
    case double(Double)
    /// Text, and what has no type of its own here: dates, times and decimals as the server writes them.
    case text(String)
    case blob([UInt8])
}

extension MariaDBValue {
    /// The whole number, when this is one.
    public var int: Int64? {
        guard case .int(let value) = self else { return nil }
        return value
    }

    /// The text, when this is one.
    public var text: String? {
        guard case .text(let value) = self else { return nil }
        return value
    }

    /// True for SQL's `NULL`.
    public var isNull: Bool { self == .null }
}

/// One row of a query's result.
public struct MariaDBRow: Sendable, Hashable {
    /// The columns' names, in the query's order.
    public var columns: [String]
    /// The columns' values, in the same order.
    public var values: [MariaDBValue]

    /// The value of the first column of that name, `nil` when there is none.
    public subscript(column: String) -> MariaDBValue? {
        columns.firstIndex(of: column).map { values[$0] }
    }
}

/// The effect of a statement that changed rows.
public struct MariaDBOutcome: Sendable, Hashable {
    /// Rows inserted, deleted, or found by an update, whether or not their values differ.
    public var affectedRows: Int
    /// The number given to the inserted row by `AUTO_INCREMENT`, 0 when none was.
    public var lastInsertID: Int64
}
