import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A server on this machine that behaves like the Nextcloud we talk to, for the demo and the tests.
///
/// Files lie on disk below `store/files/<user id>/`; ids, ETags and checksums in `store/journal`, so that the next
/// process over the same store gives the same ones.
public final class NextcloudStandIn: Sendable {
    let installation: Installation
    let service: Service
    private let running = Mutex<Running?>(nil)

    private struct Running {
        var server: HTTPServer
        var task: Task<Void, Never>
    }

    /// Opens a store, or makes one; files put there by hand get ids and ETags now.
    ///
    /// - Parameter version: as `status.php` gives it, four numbers.
    /// - Throws: ``StandInError``
    public init(store: String, accounts: [Account], version: String = "34.0.1.2") throws {
        guard !accounts.isEmpty else { throw StandInError.accounts(reason: "none was given") }
        for account in accounts {
            let id = account.userID
            guard PathRules.names(of: id) == [id], !id.contains("/") else {
                throw StandInError.accounts(reason: "\"\(id)\" cannot be a folder's name")
            }
        }
        let tree = try SharedTree(store: store, users: accounts.map(\.userID))
        installation = Installation(tree: tree, accounts: accounts, version: version)
        service = Service(installation)
    }

    /// Listens on 127.0.0.1 until ``stop()``; port 0 takes a free one.
    ///
    /// - Returns: the port.
    /// - Throws: ``StandInError/cannotListen(port:reason:)``
    @discardableResult
    public func start(port: UInt16 = 0) async throws -> UInt16 {
        await stop()
        let configuration = HTTPServer.Configuration(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 7 * 86_400,
            sharedRequestBufferSize: 65_536,
            sharedRequestReplaySize: 65_536, logger: .disabled)
        let server = HTTPServer(config: configuration)
        // A route without methods would take only those that FlyingFox knows, and WebDAV's are not among them.
        let methods = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY",
            "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH",
        ].map { HTTPMethod($0) }
        await server.appendRoute(HTTPRoute(methods: methods, path: "*"), to: service)
        let (events, report) = AsyncStream<Event>.makeStream()
        let task = Task {
            do { try await server.run() } catch {}
            report.yield(.ended)
        }
        let watch = Task {
            try await server.waitUntilListening(timeout: 30)
            report.yield(.listening)
        }
        defer { watch.cancel() }
        guard case .listening = await events.first(where: { _ in true }),
            case .ip4(_, let bound) = await server.listeningAddress
        else {
            task.cancel()
            throw StandInError.cannotListen(port: port, reason: "the port may be taken")
        }
        installation.address.withLock { $0 = "http://127.0.0.1:\(bound)" }
        running.withLock { $0 = Running(server: server, task: task) }
        return bound
    }

    /// Closes every connection and stops listening; the store stays open for direct access and a next start.
    public func stop() async {
        let running = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let running else { return }
        await running.server.stop(timeout: 0)
        running.task.cancel()
        await running.task.value
    }

    /// `http://127.0.0.1:<port>` once started; empty before.
    public var url: String { installation.address.withLock { $0 } }

    private enum Event: Sendable {
        case listening
        case ended
    }
}
