import Foundation

/// A Galera cluster of three nodes on 127.0.0.1, each a `MariaDBServer` with ports of its own (Debian's `galera-4`).
public struct MariaDBServerCluster: Sendable {
    /// The nodes; the first one begins the cluster.
    public let nodes: [MariaDBServer]
    private static let library = ["/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so"]
        .first { FileManager.default.fileExists(atPath: $0) }

    /// True where a cluster can be started.
    public static let isInstalled = MariaDBServer.isInstalled && library != nil

    /// Describes a cluster; nothing is started yet.
    /// - Throws: `TestFailure` without Galera, or without free ports.
    public init() throws {
        guard let library = Self.library else { throw TestFailure("galera-4 is not installed") }
        let ports = try (0..<3).map { _ in try FreePort.find() }
        let transferPorts = try (0..<6).map { _ in try FreePort.find() }
        let all = ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        nodes = ports.enumerated().map { index, port in
            let provider = [
                "base_port=\(port)", "gmcast.listen_addr=tcp://127.0.0.1:\(port)",
                "ist.recv_addr=127.0.0.1:\(transferPorts[index])",
                "gcache.size=8M", "pc.announce_timeout=PT1S",
                // A node that is gone is noticed within some three seconds.
                "evs.keepalive_period=PT0.3S", "evs.suspect_timeout=PT3S", "evs.inactive_timeout=PT6S",
                "evs.inactive_check_period=PT0.2S", "evs.join_retrans_period=PT0.3S",
            ]
            let options = [
                "--wsrep-on=ON", "--wsrep-provider=\(library)",
                "--wsrep-provider-options=\(provider.joined(separator: ";"))",
                "--wsrep-cluster-name=nids\(ports[0])", "--wsrep-node-name=node\(index)",
                "--wsrep-node-address=127.0.0.1", "--wsrep-node-incoming-address=127.0.0.1",
                // The first begins the cluster alone; each of the others joins it with a copy of its data.
                "--wsrep-cluster-address=gcomm://\(index == 0 ? "" : all)",
                "--wsrep-sst-method=rsync", "--wsrep-sst-receive-address=127.0.0.1:\(transferPorts[index + 3])",
                "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
            ]
            // root's rsync would not be let into the folder: it becomes "nobody".
            return MariaDBServer(options: options, account: "mysql")
        }
    }

    /// Starts all nodes and creates a database with its login, which the cluster replicates.
    /// - Returns: the database as each node has it.
    /// - Throws: when a node does not start or join.
    public func start() async throws -> [MariaDBServer.Database] {
        for node in nodes { try await node.start() }
        let database = try await nodes[0].createDatabase()
        var databases: [MariaDBServer.Database] = []
        for node in nodes {
            var copy = database
            copy.port = await node.tcpPort
            databases.append(copy)
        }
        return databases
    }

    /// Kills all nodes and removes their data.
    public func remove() async {
        for node in nodes { await node.remove() }
    }

    /// Cuts a node off from the others, or lets it find them again.
    public func isolate(_ index: Int, _ isIsolated: Bool) async throws {
        try await nodes[index].sql("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=\(isIsolated ? 1 : 0)'")
    }
}
