import Synchronization

/// A server on this machine that behaves like the Nextcloud we talk to, for the demo and the tests.
///
/// Files lie on disk below `store/files/<user id>/`; ids, ETags and checksums in `store/journal`, so that the next
/// process over the same store gives the same ones.
public final class NextcloudStandIn: Sendable {
    let installation: Installation
    let service: Service
    private let listener = Mutex<Listener?>(nil)

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
        let listener = try await Listener.start(port: port, service)
        installation.address.withLock { $0 = "http://127.0.0.1:\(listener.port)" }
        self.listener.withLock { $0 = listener }
        return listener.port
    }

    /// Closes every connection and stops listening; the store stays open for direct access and a next start.
    public func stop() async {
        let listener = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        await listener?.stop()
    }

    /// `http://127.0.0.1:<port>` once started; empty before.
    public var url: String { installation.address.withLock { $0 } }
}
