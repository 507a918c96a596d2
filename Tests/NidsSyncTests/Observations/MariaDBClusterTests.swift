import Foundation
import MariaDB
import TestSupport
import Testing

@testable import NidsSync

@Suite(
    "Observations in a Galera cluster", .serialized, .enabled(if: MariaDBServerCluster.isInstalled, "needs galera-4"),
    .timeLimit(.minutes(5)))
struct MariaDBClusterTests {
    private static let tables = ["nids_fiches", "nids_lectures", "nids_pages", "nids_visites", "nids_controles"]

    /// A store that prefers one node and knows the others.
    private func store(_ databases: [MariaDBServer.Database], first: Int) -> MariaDBObservationStore {
        var configuration = databases[first].configuration
        configuration.servers = (0..<databases.count).map {
            .tcp(host: "127.0.0.1", port: databases[(first + $0) % databases.count].port)
        }
        configuration.connectTimeout = .seconds(2)
        configuration.statementTimeout = .seconds(20)
        return MariaDBObservationStore(configuration: configuration)
    }

    private func checksums(_ node: MariaDBServer, _ database: String) async throws -> [[String]] {
        // Waits for what the other nodes have committed.
        try await node.sql(
            "SET wsrep_sync_wait = 7; CHECKSUM TABLE \(Self.tables.joined(separator: ", "))", database: database)
    }

    /// Records every sheet of `range` until it is recorded, as the daemon does with one that waits.
    private func record(_ range: Range<Int>, in store: MariaDBObservationStore, model: String) async throws {
        for number in range {
            try await eventually { try await store.record(.sample("fiche \(number).jpg", model: model)) }
        }
    }

    @Test("with a node killed, another cut off and programs in each other's way, every row is there once on each node")
    func failures() async throws {
        let cluster = try MariaDBServerCluster()
        let databases = try await cluster.start()
        let name = databases[0].name
        let stores = (0..<3).map { store(databases, first: $0) }
        // One after the other: GET_LOCK is one node's, and two nodes that each hold a view's metadata lock while they
        // wait for their turn to create it stop the whole cluster (MariaDB 10.11).
        for store in stores { try await store.prepare() }
        // The same sheets through different nodes: conflicts that only COMMIT finds.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores { group.addTask { try await self.record(0..<40, in: store, model: "same") } }
            try await group.waitForAll()
        }
        #expect(try await stores[0].count().readings == 40)

        // One node is cut off while it is written to, and found again.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask { try await self.record(0..<40, in: store, model: "cut \(index)") }
            }
            try await cluster.isolate(1, true)
            try await agreement(on: 2, at: cluster.nodes[0])
            try await group.waitForAll()
        }
        try await cluster.isolate(1, false)
        #expect(try await stores[0].count().readings == 160)
        // Before all three agree again, the loss of another one would leave no majority.
        for node in cluster.nodes { try await agreement(on: 3, at: node) }

        // One node is killed while it is written to.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask { try await self.record(0..<40, in: store, model: "killed \(index)") }
            }
            await cluster.nodes[2].remove()
            try await group.waitForAll()
        }
        let counts = try await stores[2].count()
        #expect(counts.sheets == 40)
        #expect(counts.readings == 280)
        #expect(try await stores[0].texts("SELECT COUNT(*) FROM nids_visites") == [["560"]])
        let first = try await eventually { try await checksums(cluster.nodes[0], name) }
        let second = try await eventually { try await checksums(cluster.nodes[1], name) }
        #expect(first == second)
        #expect(first.count == Self.tables.count)
        await cluster.remove()
    }

    /// Waits until a node works in a cluster of so many.
    private func agreement(on size: Int, at node: MariaDBServer) async throws {
        try await eventually {
            let status = try await node.sql(
                "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_local_state_comment')")
            guard status == [["wsrep_local_state_comment", "Synced"], ["wsrep_cluster_size", "\(size)"]] else {
                throw TestFailure("not \(size): \(status)")
            }
        }
    }

    /// The result of `body` once it has one, within three minutes.
    @discardableResult
    private func eventually<Value>(_ body: () async throws -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(180)
        while true {
            do { return try await body() } catch {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    @Test("a node that is no part of its cluster is passed over, and alone is waited for with that reason")
    func cutOffNode() async throws {
        let cluster = try MariaDBServerCluster()
        let databases = try await cluster.start()
        let all = store(databases, first: 0)
        try await all.prepare()
        let alone = store([databases[0]], first: 0)
        try await alone.record(.sample("1.jpg"))
        try await cluster.isolate(0, true)
        // Until the node has noticed.
        _ = try await eventually {
            let status = try await cluster.nodes[0].sql("SHOW STATUS LIKE 'wsrep_ready'")
            guard status == [["wsrep_ready", "OFF"]] else { throw TestFailure("still part of it: \(status)") }
        }
        let error = await #expect(throws: ObservationError.self) { try await alone.record(.sample("2.jpg")) }
        guard case .unreachable(let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("WSREP") || reason.contains("no part of its cluster"))
        // A new connection is told at once, and the cluster's other nodes take over.
        let again = await #expect(throws: ObservationError.self) {
            try await store([databases[0]], first: 0).record(.sample("2.jpg"))
        }
        #expect("\(again as Any)".contains("no part of its cluster"))
        #expect(try await all.record(.sample("2.jpg")) == .inserted)
        try await cluster.isolate(0, false)
        _ = try await eventually { try await alone.record(.sample("2.jpg")) }
        #expect(try await alone.count().readings == 2)
        await cluster.remove()
    }
}
