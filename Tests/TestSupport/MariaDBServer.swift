import Dispatch
import Foundation

/// A private mariadbd on a free port of 127.0.0.1, with a data folder of its own.
///
/// Its blocking work runs on a queue of its own. However the test process ends, the pipe to the server's watchdog
/// closes, and that stops the server and removes its folder.
public actor MariaDBServer {
    /// The server that all tests of this process share, each with a database of its own.
    public static let shared = MariaDBServer()

    /// Whether the programs are here (Debian's `mariadb-server`, `mariadb-client`).
    public static let isInstalled = ["mariadb-install-db", "mariadbd", "mariadb"].allSatisfy { find($0) != nil }

    /// What the program's login must be allowed to do in its database, and no more.
    public static let documentedRights = "CREATE, ALTER, CREATE VIEW, SELECT, INSERT, UPDATE, DELETE, REFERENCES, INDEX"

    /// A database of one test, and a login that can use it and nothing else.
    public struct Database: Sendable {
        public var host = "127.0.0.1"
        public var port: Int
        /// The Unix socket's path.
        public var socket: String
        public var name: String
        public var user: String
        public var password: String
    }

    /// A server that could not be started, with the end of its log.
    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    /// The certificate authority of a server with TLS.
    public nonisolated var caFile: String { directory + "/ca.pem" }

    private nonisolated let directory = NSTemporaryDirectory() + "nids-mariadb-" + token(8)
    private nonisolated let offersTLS: Bool
    private nonisolated let options: [String]
    private nonisolated let account: String
    private nonisolated let executor = TestQueueExecutor(label: "MariaDBServer")
    private var isInitialised = false
    private var port = 0
    private var watchdog: Watchdog?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Describes a server; it starts when it is first needed.
    /// - Parameters:
    ///   - options: further ones for `mariadbd`, such as `--read-only`.
    ///   - account: the system's account that it runs as where the tests are root's; otherwise it is that of the tests.
    public init(offersTLS: Bool = false, options: [String] = [], account: String = "root") {
        self.offersTLS = offersTLS
        self.options = options
        self.account = account
    }

    /// The TCP port, 0 before the first start.
    public var tcpPort: Int { port }

    /// Starts the server, on the port and with the data it had before, and returns when it answers.
    public func start() throws {
        guard watchdog == nil else { return }
        if !isInitialised { try initialise() }
        for attempt in 1...3 {
            // Somebody else may take a free port before the server does.
            if port == 0 { port = try Self.freePort() }
            do {
                return try launch()
            } catch  where attempt < 3 && log.contains("Can't start server") {
                port = 0
            }
        }
    }

    /// Stops the server; its data stay.
    /// - Parameter isKilled: whether it has no time to end in order.
    public func stop(isKilled: Bool = false) {
        watchdog?.end(isKilled ? .kill : .keep)
        watchdog = nil
    }

    /// Kills the server and removes its data.
    public func remove() {
        watchdog?.end(.remove)
        watchdog = nil
        isInitialised = false
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Creates a database, and a login with these rights on it.
    /// - Parameters:
    ///   - twin: another server's, whose names and password this one gets too.
    ///   - requirement: what the account requires, such as `REQUIRE SSL`.
    public func createDatabase(
        rights: String = documentedRights, like twin: Database? = nil, requirement: String = ""
    ) throws -> Database {
        try start()
        let name = twin?.name ?? "test_" + Self.token(8)
        let database = Database(
            port: port, socket: socketPath, name: name, user: twin?.user ?? name + "_user",
            password: twin?.password ?? Self.token(16))
        // Latin 1 as the default, so that a table that forgets to ask for utf8mb4 shows.
        try sql(
            """
            CREATE DATABASE \(name) CHARACTER SET latin1;
            CREATE USER \(database.user)@'%' IDENTIFIED BY '\(database.password)' \(requirement);
            GRANT \(rights) ON \(name).* TO \(database.user)@'%'
            """)
        return database
    }

    /// Runs statements as the server's root and returns the rows as the `mariadb` command prints them.
    @discardableResult
    public func sql(_ statements: String, database: String? = nil) throws -> [[String]] {
        let arguments = [
            "--no-defaults", "--socket=\(socketPath)", "--user=root", "--batch", "--skip-column-names",
            "--default-character-set=utf8mb4", "--execute=\(statements)",
        ]
        let output = try Self.run("mariadb", arguments + (database.map { [$0] } ?? []))
        return output.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private nonisolated var socketPath: String { directory + "/mariadb.sock" }

    private var log: String {
        (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? ""
    }

    private func initialise() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        if geteuid() == 0, account != "root" { _ = try Self.run("chown", [account, directory]) }
        _ = try Self.run(
            "mariadb-install-db",
            ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
                + storageOptions)
        if offersTLS { try createCertificates() }
        isInitialised = true
    }

    private nonisolated var storageOptions: [String] {
        // Two servers that are set up at once would stumble over each other's temporary tables.
        let options = [
            "--datadir=\(directory)/data", "--tmpdir=\(directory)",
            "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M",
        ]
        return geteuid() == 0 ? options + ["--user=\(account)"] : options
    }

    private func launch() throws {
        var options =
            [
                "--no-defaults", "--socket=\(socketPath)", "--bind-address=127.0.0.1", "--port=\(port)",
                "--skip-networking=0",
                "--pid-file=\(directory)/pid", "--performance-schema=OFF", "--skip-name-resolve",
                "--innodb-flush-log-at-trx-commit=0",
            ] + self.options
        if offersTLS {
            options += ["--ssl-cert=\(directory)/server.pem", "--ssl-key=\(directory)/server.key"]
        }
        try? FileManager.default.removeItem(atPath: directory + "/log")
        guard let program = Self.find("mariadbd") else { throw Failure(description: "mariadbd is not installed") }
        let watchdog = try Watchdog(directory: directory, command: [program] + options + storageOptions)
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            if (try? sql("DELETE FROM mysql.global_priv WHERE user = ''; FLUSH PRIVILEGES")) != nil { break }
            guard ContinuousClock.now < deadline, !log.contains("Aborting") else {
                let end = log.suffix(2000)
                watchdog.end(.keep)
                throw Failure(description: "mariadbd did not start: \(end)")
            }
            usleep(20_000)
        }
        self.watchdog = watchdog
    }

    private func createCertificates() throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        _ = try Self.run(
            "openssl",
            ["req", "-x509", "-subj", "/CN=test CA", "-keyout", "\(directory)/ca.key", "-out", caFile] + key)
        _ = try Self.run(
            "openssl",
            [
                "req", "-x509", "-CA", caFile, "-CAkey", "\(directory)/ca.key", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
                "-keyout", "\(directory)/server.key", "-out", "\(directory)/server.pem",
            ] + key)
    }
}

extension MariaDBServer {
    private static func token(_ length: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<length).map { _ in letters[Int.random(in: letters.indices)] })
    }

    private static func find(_ program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/usr/bin"]).map { $0 + "/" + program }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        guard let path = find(program) else { throw Failure(description: "\(program) is not installed") }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.runWithSignalsUnblocked()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "\(program): \(output)") }
        return output
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard status == 0 else { throw Failure(description: "no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// A shell that runs the server and ends it when told to, or when the pipe from this process closes.
private struct Watchdog {
    private static let script = """
        directory=$1; shift
        "$@" </dev/null >"$directory/log" 2>&1 &
        server=$!
        trap '' INT HUP TERM
        read -r order
        [ "$order" = keep ] && kill -TERM "$server" || kill -KILL "$server"
        wait "$server" 2>/dev/null
        [ "$order" = keep ] || [ "$order" = kill ] || rm -rf "$directory"
        """

    enum Order: String { case keep, kill, remove }

    private let process = Process()
    private let orders: FileHandle

    init(directory: String, command: [String]) throws {
        var ends: [Int32] = [0, 0]
        // Close-on-exec: another child that inherited the writing end would keep the watchdog waiting.
        guard pipe(&ends) == 0 else { throw MariaDBServer.Failure(description: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        orders = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.script, "watchdog", directory] + command
        process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.runWithSignalsUnblocked()
    }

    func end(_ order: Order) {
        try? orders.write(contentsOf: Data((order.rawValue + "\n").utf8))
        try? orders.close()
        process.waitUntilExit()
    }
}

extension Process {
    /// Dispatch's threads block every signal, and children inherit that: a shell would wait for `SIGCHLD` for ever.
    fileprivate func runWithSignalsUnblocked() throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}

/// Runs an actor's blocking work on a serial queue.
private final class TestQueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
