import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass and the claim on the root")
struct PassDiscoveryClaimTests {
    private static let place = "\(PassBench.root)/transcription_results/.nids-sync.json"
    private static let forbidden = """
        <?xml version="1.0" encoding="utf-8"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">\
        <s:exception>Sabre\\DAV\\Exception\\Forbidden</s:exception><s:message></s:message></d:error>
        """

    private func claim(_ bench: PassBench) throws -> JSONValue? {
        try bench.standIn.bytes(at: Self.place).map { try JSONValue(parsing: $0) }
    }

    @Test("a claim that is deleted, or empty, comes back", arguments: [true, false])
    func comesBack(isDeleted: Bool) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            for _ in 0..<2 { _ = try await bench.pass() }
            let before = try #require(try claim(bench))
            if isDeleted { try bench.standIn.delete(Self.place) } else { try bench.standIn.put(Self.place, []) }
            #expect(try await bench.pass().status == .success)
            #expect(try claim(bench) == before)
            _ = try await bench.pass()
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test(
        "a web page, or half of it, in the claim's place is an outage, and nobody's claim",
        arguments: [
            Fault.Effect.status(200, body: "<html><body>Connexion</body></html>"), .truncateBody(afterBytes: 9),
        ])
    func webPage(_ effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.removeState()
            bench.standIn.addFault(Fault(method: "GET", pathContains: ".nids-sync.json", times: nil, effect: effect))
            #expect(try await bench.pass().status == .unavailable)
            bench.standIn.removeFaults()
            #expect(try await bench.pass().status == .success)
        }
    }

    @Test("a root that may not be written is told with the reason before any model is asked")
    func readOnly() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: ".nids-sync", times: nil, effect: .status(403, body: Self.forbidden))
            )
            let error = try await #require(throws: PassError.self) { try await bench.pass() }
            #expect(error.status == .configuration)
            #expect(error.description.contains("transcription_results"))
            #expect(bench.engine.callCount == 0)
        }
    }

    @Test("a file where our folder belongs is told as that, and left there")
    func fileInTheWay() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let place = "\(PassBench.root)/transcription_results"
            try bench.standIn.put(place, text: "notes")
            let error = try await #require(throws: PassError.self) { try await bench.pass() }
            #expect(error.status == .configuration)
            #expect(error.description.contains("is a file"))
            #expect(try bench.standIn.bytes(at: place) == Array("notes".utf8))
            #expect(bench.engine.callCount == 0)
        }
    }
}
