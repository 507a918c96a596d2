import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("A pass when the root is not what it was")
struct PassDiscoveryRootTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("another folder of the root's name is not the root, until a person accepts it")
    func anotherFolder() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.move(PassBench.root, to: "ancien")
            try bench.standIn.makeCollection(PassBench.root)
            try bench.putScan("jpeg/c.jpg", "pie")
            for _ in 0..<3 {
                let error = try await #require(throws: PassError.self) { try await bench.pass() }
                #expect(error.status == .configuration)
                #expect(error.description.contains("--accept-change"))
            }
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 2)
            #expect(try bench.standIn.paths(below: root("transcription_results")).isEmpty)
            var options = PassOptions()
            options.acceptChange = true
            #expect(try await bench.pass(options).transcribed == 1)
            #expect(try await bench.pass().status == .success)
        }
    }

    @Test("a root that is away deletes nothing, and is there again when it is back")
    func away() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(PassBench.root, to: "ailleurs")
            for _ in 0..<3 {
                let error = try await #require(throws: PassError.self) { try await bench.pass() }
                #expect(error.status == .configuration)
                #expect(error.mayPass, "a daemon waits for it")
            }
            #expect(try bench.standIn.paths(below: PassBench.root).isEmpty)
            try bench.standIn.move("ailleurs", to: PassBench.root)
            #expect(try await bench.pass().status == .success)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a root that was never there is a wrong configuration at once")
    func neverThere() async throws {
        try await PassBench.with { bench in
            let error = try await #require(throws: PassError.self) {
                try await bench.pass(settings: ["NIDS_NEXTCLOUD_ROOT": "Nulle part"])
            }
            #expect((error.status, error.mayPass) == (.configuration, false))
        }
    }

    @Test("a proxy's 404 for the root is an outage, and says nothing of the root")
    func proxy() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            bench.standIn.addFault(
                Fault(method: "PROPFIND", times: nil, effect: .status(404, body: "<html><h1>404 page not found</h1>")))
            for _ in 0..<3 {
                let summary = try await bench.pass()
                #expect((summary.withdrawn, summary.status) == (0, .unavailable))
            }
            bench.standIn.removeFaults()
            #expect(try await bench.pass().status == .success)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a first run behind a portal remembers nothing of what the portal said")
    func portal() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(times: nil, effect: .status(200, body: "<html><head><title>Connexion</title></head></html>")))
            #expect(try await bench.pass().status == .unavailable)
            bench.standIn.removeFaults()
            #expect(try await bench.pass().transcribed == 1)
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }
}
