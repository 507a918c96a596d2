import Foundation
import Synchronization

/// A private Apache with mod_dav on free ports of 127.0.0.1: a WebDAV server that nobody here wrote.
///
/// It runs as one process (`-X`), so that nothing outlives it, and dies with the test process.
public final class ApacheServer: Sendable {
    /// What it offers beyond WebDAV over plain HTTP.
    public struct Options: Sendable {
        /// Whether `Depth: infinity` is answered; Apache refuses it by default.
        public var depthInfinity = false
        /// The names in its certificate, as openssl writes them (`IP:127.0.0.1`); without any there is no TLS.
        public var certificateNames: [String] = []
        /// More lines for the configuration of its TLS side.
        public var tlsConfiguration = ""

        /// More lines for its configuration as a whole.
        public var configuration = ""

        public init(
            depthInfinity: Bool = false, certificateNames: [String] = [], tlsConfiguration: String = "",
            configuration: String = ""
        ) {
            self.configuration = configuration
            self.depthInfinity = depthInfinity
            self.certificateNames = certificateNames
            self.tlsConfiguration = tlsConfiguration
        }
    }

    /// Whether the programs needed are here (Debian's `apache2` and `openssl`).
    public static let isInstalled = ["/usr/sbin/apache2", "/usr/bin/openssl", "/usr/bin/setpriv"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The login that it takes for `/dav/`.
    public let user = "schneider"
    public let password = "sécret:42"

    private let directory: TemporaryDirectory
    private let port: Int
    private let tlsPort: Int
    private let process: ChildProcess

    private init(_ directory: TemporaryDirectory, port: Int, tlsPort: Int, process: ChildProcess) {
        self.directory = directory
        self.port = port
        self.tlsPort = tlsPort
        self.process = process
    }

    /// `http://127.0.0.1:<port>`: files of `folder`, without a login.
    public var url: String { "http://127.0.0.1:\(port)" }
    /// The same with TLS, HTTP/2 offered.
    public var tlsURL: String { "https://127.0.0.1:\(tlsPort)" }
    /// The collection that WebDAV is served for.
    public var davURL: String { "\(url)/dav/" }
    /// The folder served; the collection is `dav` in it.
    public var folder: String { directory.file("www") }
    /// The authority that its certificate comes from, in PEM.
    public var caFile: String { directory.file("ca.pem") }
    /// What it logged of errors.
    public var errorLog: String { String(decoding: directory.read("error.log") ?? [], as: UTF8.self) }

    /// Starts a server for as long as `body` runs.
    @discardableResult
    public static func run<Value: Sendable>(
        _ options: Options = Options(), _ body: (ApacheServer) async throws -> Value
    ) async throws -> Value {
        let server = try await start(options)
        do {
            let value = try await body(server)
            await server.stop()
            return value
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Starts a server and returns when it answers.
    public static func start(_ options: Options = Options()) async throws -> ApacheServer {
        let directory = try TemporaryDirectory()
        try await prepare(directory, options)
        for _ in 1...5 {
            let (port, tlsPort) = (try FreePort.find(), try FreePort.find())
            let text = configuration(directory, options, port: port, tlsPort: tlsPort)
            let file = try directory.write(text.utf8, to: "httpd.conf")
            let process = try ChildProcess(
                ["/usr/sbin/apache2", "-X", "-f", file], output: directory.file("output"), user: account)
            let ports = options.certificateNames.isEmpty ? [port] : [port, tlsPort]
            try await eventually("Apache answers or gives up") {
                !process.isRunning || ports.allSatisfy(FreePort.answers)
            }
            if process.isRunning {
                return ApacheServer(directory, port: port, tlsPort: tlsPort, process: process)
            }
        }
        throw TestFailure("Apache does not start: \(String(decoding: directory.read("output") ?? [], as: UTF8.self))")
    }

    /// Ends it.
    public func stop() async { await process.stop() }
}
