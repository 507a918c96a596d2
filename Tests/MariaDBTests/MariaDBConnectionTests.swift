import MariaDB
import TestSupport
import Testing

@Suite("A connection to MariaDB", .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBConnectionTests {
    static func open(_ database: MariaDBServer.Database) async throws -> MariaDBConnection {
        let connection = MariaDBConnection(MariaDBConfiguration(database))
        try await connection.open()
        return connection
    }

    private func connection() async throws -> MariaDBConnection {
        try await Self.open(try await MariaDBServer.shared.createDatabase())
    }

    @Test(
        "a bound value comes back as it was",
        arguments: [
            MariaDBValue.null, .int(0), .int(.min), .int(.max), .double(0.1), .double(-1e300), .text(""),
            .text("Mésange à tête noire"), .text("e\u{301} n'est pas é"), .text("O'Brien \"; DROP TABLE x; -- \\"),
            .text("🐦🥚"), .text("a\u{0}b"), .text(String(repeating: "é", count: 200_000)),
        ])
    func bound(_ value: MariaDBValue) async throws {
        let connection = try await connection()
        let rows = try await connection.query("SELECT ? AS v, 1 AS w", [value])
        #expect(rows.count == 1)
        // By bytes: two texts that Swift holds to be equal may differ in their normal form.
        if case .text(let text)? = rows.first?["v"], case .text(let sent) = value {
            #expect(Array(text.utf8) == Array(sent.utf8))
        } else {
            #expect(rows.first?["v"] == value)
        }
        #expect(rows.first?["w"] == .int(1))
    }

    @Test("every type of column is read, and its NULL")
    func columnTypes() async throws {
        let connection = try await connection()
        try await connection.execute(
            """
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, ti TINYINT(1), ub BIGINT UNSIGNED, f FLOAT, d DATE,
            dt DATETIME, de DECIMAL(10,2), tx TEXT CHARACTER SET utf8mb4, mt MEDIUMTEXT CHARACTER SET utf8mb4,
            vb VARBINARY(10), bl BLOB, vc VARCHAR(20) CHARACTER SET ascii, e ENUM('a','b'))
            """)
        let blob: [UInt8] = [0, 255, 0, 1]
        let values: [MariaDBValue] = [
            .int(1), .text("18446744073709551615"), .double(1.5), .text("2026-05-30"), .text("2026-05-30 14:01:02"),
            .text("30.50"), .text("œuf"), .text("🥚"), .blob(blob), .blob(blob), .text("x"), .text("b"),
        ]
        let insert =
            "INSERT INTO t (ti, ub, f, d, dt, de, tx, mt, vb, bl, vc, e) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        let first = try await connection.execute(insert, values)
        #expect(first.affectedRows == 1)
        #expect(first.lastInsertID == 1)
        try await connection.execute(insert, values.map { _ in .null })

        let rows = try await connection.query("SELECT * FROM t ORDER BY id")
        #expect(rows.first?.columns == ["id", "ti", "ub", "f", "d", "dt", "de", "tx", "mt", "vb", "bl", "vc", "e"])
        #expect(rows.first?.values == [.int(1)] + values)
        #expect(rows.last?.values == [.int(2)] + values.map { _ in .null })
        #expect(rows.count == 2)
    }

    @Test("a value too long or out of range is an error, not a shortened value")
    func strictness() async throws {
        let connection = try await connection()
        try await connection.execute("CREATE TABLE t (v VARCHAR(3), n TINYINT)")
        let tooLong = await #expect(throws: MariaDBError.self) {
            try await connection.execute("INSERT INTO t (v) VALUES (?)", [.text("abcd")])
        }
        guard case .statement(code: 1406, sqlState: "22001", _)? = tooLong else {
            Issue.record("unexpected \(String(describing: tooLong))")
            return
        }
        await #expect(throws: MariaDBError.self) {
            try await connection.execute("INSERT INTO t (n) VALUES (?)", [.int(300)])
        }
        #expect(try await connection.query("SELECT * FROM t").isEmpty)
    }

    @Test("a transaction that throws leaves nothing behind, and the connection stays usable")
    func rollback() async throws {
        struct Stop: Error {}
        let connection = try await connection()
        try await connection.execute("CREATE TABLE t (n INT PRIMARY KEY) ENGINE=InnoDB")
        await #expect(throws: Stop.self) {
            try await connection.transaction { session in
                try session.execute("INSERT INTO t VALUES (?)", [.int(1)])
                throw Stop()
            }
        }
        await #expect(throws: MariaDBError.self) {
            try await connection.transaction { session in
                try session.execute("INSERT INTO t VALUES (?)", [.int(2)])
                try session.execute("INSERT INTO t VALUES (?)", [.int(2)])
            }
        }
        #expect(try await connection.query("SELECT n FROM t").isEmpty)
        try await connection.transaction { _ = try $0.execute("INSERT INTO t VALUES (?)", [.int(3)]) }
        #expect(try await connection.query("SELECT n FROM t").map(\.values) == [[.int(3)]])
    }

    @Test("an update counts the rows it finds, even where nothing differs")
    func foundRows() async throws {
        let connection = try await connection()
        try await connection.execute("CREATE TABLE t (n INT)")
        try await connection.execute("INSERT INTO t VALUES (1), (1)")
        #expect(try await connection.execute("UPDATE t SET n = 1").affectedRows == 2)
    }

    @Test("a wrong number of parameters is an error")
    func parameterCount() async throws {
        let connection = try await connection()
        await #expect(throws: MariaDBError.self) { try await connection.query("SELECT ?") }
        await #expect(throws: MariaDBError.self) { try await connection.query("SELECT 1", [.int(1)]) }
        #expect(try await connection.query("SELECT 1 AS v").first?["v"] == .int(1))
    }

    @Test("more statements than are kept prepared do no harm")
    func manyStatements() async throws {
        let connection = try await connection()
        for number in 0..<200 {
            #expect(try await connection.query("SELECT \(number) AS v").first?["v"] == .int(Int64(number)))
        }
    }

    @Test("two transactions that wait for each other: one is told that it may try again")
    func deadlock() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let (one, two) = (try await Self.open(database), try await Self.open(database))
        try await one.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT) ENGINE=InnoDB")
        try await one.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
        // Each holds one row when it asks for the other's, since both wait for the other's first update.
        try await one.execute("START TRANSACTION")
        try await two.execute("START TRANSACTION")
        try await one.execute("UPDATE t SET n = 1 WHERE id = 1")
        try await two.execute("UPDATE t SET n = 2 WHERE id = 2")
        async let first = Result { () async throws(MariaDBError) in
            try await one.execute("UPDATE t SET n = 1 WHERE id = 2")
        }
        async let second = Result { () async throws(MariaDBError) in
            try await two.execute("UPDATE t SET n = 2 WHERE id = 1")
        }
        let errors = await [first, second].compactMap { result -> MariaDBError? in
            if case .failure(let error) = result { error } else { nil }
        }
        #expect(errors.count == 1)
        #expect(errors.first?.isRetryable == true)
        guard case .lockConflict(code: 1213, _)? = errors.first else {
            Issue.record("unexpected \(errors)")
            return
        }
    }
}

extension Result {
    init(_ body: () async throws(Failure) -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

extension MariaDBConfiguration {
    init(_ database: MariaDBServer.Database) {
        self.init(
            host: database.host, port: database.port, name: database.name, user: database.user,
            password: database.password, connectTimeout: .seconds(5), statementTimeout: .seconds(30))
    }
}
