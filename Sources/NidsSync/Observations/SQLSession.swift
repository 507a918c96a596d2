import Transcriber

/// A value in either database.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case number(Double)
    case text(String)

    /// NUL becomes U+FFFD: SQLite reads texts up to the first one.
    init(_ text: String?) {
        guard let text else {
            self = .null
            return
        }
        guard text.utf8.contains(0) else {
            self = .text(text)
            return
        }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { cleaned.append(scalar == "\u{0}" ? "\u{FFFD}" : scalar) }
        self = .text(String(cleaned))
    }

    init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
    init(_ flag: Bool?) { self = flag.map { .integer($0 ? 1 : 0) } ?? .null }

    var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The value as a CSV file shows it.
    var string: String? {
        switch self {
        case .null: nil
        case .integer(let number): String(number)
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .text(let text): text
        }
    }
}

/// An open connection to either database; its calls block and belong on the connection's own queue.
protocol SQLSession {
    var dialect: SQLDialect { get }
    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [[SQLValue]]
    /// Runs a statement; returns the id of the row it inserted, when it did.
    @discardableResult
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int64
}

extension SQLSession {
    func rows(_ sql: String) throws -> [[SQLValue]] { try rows(sql, []) }
    @discardableResult
    func run(_ sql: String) throws -> Int64 { try run(sql, []) }

    /// The columns of a table or view in their order; none where there is no such.
    func columns(of table: String) throws -> [String] {
        try rows(dialect.columnsOfTable, [.text(table)]).compactMap { $0.first?.string }
    }

    func insert(into table: String, _ columns: [String], _ values: [SQLValue]) throws -> Int64 {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return try run("INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))", values)
    }
}

/// The part in which `SQLiteObservationStore` and `MariaDBObservationStore` differ; extensions share the rest.
protocol ObservationDatabase: ObservationStore {
    /// The lists that names are looked up in.
    var names: NameReference { get }

    /// Takes the lists of an application that lives in the same database, where that is wanted.
    func takeForeignLists() async throws(ObservationError)

    /// Runs `body` in a transaction that is rolled back when it throws. It may run twice, after a deadlock.
    @discardableResult
    func write<Result: Sendable>(
        concerning sheet: SheetKey?, _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result

    /// Runs `body`, which only reads.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result

    /// Runs `body` while no other program does the same.
    func migrate(_ body: @escaping @Sendable (any SQLSession) throws -> Void) async throws(ObservationError)
}
