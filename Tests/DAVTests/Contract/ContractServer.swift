import DAV
import Foundation
import HTTP
import NextcloudStandIn
import TestSupport
import Testing

/// A WebDAV server that the contract is checked against.
enum ContractServer: Sendable, CaseIterable, CustomTestStringConvertible {
    /// Debian's Apache, which refuses `Depth: infinity`.
    case apache
    case apacheWithInfinity
    /// This project's own stand-in for Nextcloud.
    case standIn
    /// The one at `NIDS_TEST_DAV_URL`, with `NIDS_TEST_DAV_USER` and `NIDS_TEST_DAV_PASSWORD`: a Nextcloud's address, or
    /// that of a WebDAV collection.
    case environment

    /// Where it is and how to log in.
    struct Access: Sendable {
        var url: String
        var credentials: Credentials
    }

    static let available = allCases.filter { server in
        switch server {
        case .apache, .apacheWithInfinity: ApacheServer.isInstalled
        case .standIn: true
        case .environment: variable("URL") != nil
        }
    }

    var testDescription: String {
        switch self {
        case .apache: "Apache"
        case .apacheWithInfinity: "Apache with DavDepthInfinity"
        case .standIn: "the stand-in"
        case .environment: Self.variable("URL") ?? "none"
        }
    }

    /// Whether listings of unlimited depth are answered; of the unknown one it is not known.
    var allowsInfinity: Bool? {
        switch self {
        case .apache: false
        case .apacheWithInfinity, .standIn: true
        case .environment: nil
        }
    }

    /// Starts it where it does not run yet; the tests of a process share it.
    func access() async throws -> Access {
        switch self {
        case .apache: return Self.access(to: try await Self.apacheRunning.value)
        case .apacheWithInfinity: return Self.access(to: try await Self.apacheWithInfinityRunning.value)
        case .standIn: return try await Self.standInRunning.value.access
        case .environment:
            guard let url = Self.variable("URL"), let user = Self.variable("USER"),
                let password = Self.variable("PASSWORD")
            else { throw TestFailure("NIDS_TEST_DAV_URL needs NIDS_TEST_DAV_USER and NIDS_TEST_DAV_PASSWORD") }
            return Access(url: url, credentials: Credentials(user: user, password: Secret(password)))
        }
    }

    private static let apacheRunning = Task { try await ApacheServer.start() }
    private static let apacheWithInfinityRunning = Task { try await ApacheServer.start(.init(depthInfinity: true)) }
    private static let standInRunning = Task {
        let store = try TemporaryDirectory()
        let account = Account(user: "schneider@example.org", password: "sécret:42", userID: "schneider")
        let server = try NextcloudStandIn(store: store.path, accounts: [account])
        try await server.start()
        let credentials = Credentials(user: account.user, password: Secret(account.password))
        return (access: Access(url: server.url, credentials: credentials), server: server, store: store)
    }

    private static func access(to server: ApacheServer) -> Access {
        Access(url: server.davURL, credentials: Credentials(user: server.user, password: Secret(server.password)))
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["NIDS_TEST_DAV_\(name)"]
    }
}
