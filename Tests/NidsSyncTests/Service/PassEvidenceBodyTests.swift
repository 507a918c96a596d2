import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("Which bytes are believed")
struct PassEvidenceBodyTests {
    private static let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#
    private static let notTheFile: [Fault.Effect] = [
        .truncateBody(afterBytes: 6), .truncateBody(afterBytes: 0), ServerAnswer.foreign(200),
        .status(200, headers: ["Content-Type": "text/plain"], body: "Service temporarily unavailable"),
    ]

    @Test("what is not the scan that was listed is fetched again, and no model sees it", arguments: notTheFile)
    func scan(effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "GET", pathContains: "a.jpg", times: 2, effect: effect))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            #expect(summary.failures == [])
            #expect(bench.engine.calls == ["merle": 1])
        }
    }

    @Test("a scan that always comes in half waits with a reason that does not blame the scan")
    func halfForEver() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(method: "GET", pathContains: "a.jpg", times: nil, effect: .truncateBody(afterBytes: 6)))
            let summary = try await bench.pass()
            #expect((summary.waiting, summary.failures.count) == (1, 0))
            #expect(summary.waitingFor.contains { $0.contains("6 of 9 bytes") && !$0.contains("scan the sheet") })
        }
    }

    @Test("a server whose downloads never have the listing's ETag is believed when the same content comes twice")
    func otherETags() async throws {
        try await PassBench.with { bench in
            let text = "%PDF-1.4 merle"
            try bench.standIn.put("\(PassBench.root)/pdf/a.pdf", text: text)
            bench.standIn.addFault(
                Fault(
                    method: "GET", pathContains: "a.pdf", times: nil,
                    effect: .status(200, headers: ["ETag": "\"autre\"", "Content-Type": "application/pdf"], body: text))
            )
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.status) == (1, 1, .success))
        }
    }

    @Test("what is not the result that lies there is no reason to ask a model, nor to remove it", arguments: notTheFile)
    func adoption(effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            bench.standIn.addFault(Fault(method: "GET", pathContains: "_result.json", times: 2, effect: effect))
            let summary = try await bench.pass()
            #expect((summary.adopted, summary.failures.count, bench.engine.callCount) == (1, 0, 0))
            #expect(summary.status == .success)
        }
    }

    @Test("half of our own result is no person's edit", arguments: notTheFile)
    func ownHalf(effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: 2, effect: .loseAnswer))
            bench.standIn.addFault(Fault(method: "GET", pathContains: "_result.json", times: 2, effect: effect))
            let summary = try await bench.pass()
            #expect((summary.published, summary.notes.count, summary.status) == (1, 0, .success))
        }
    }

    @Test("a file too large at a result's place is told, and once it is taken away the sheet goes on")
    func tooLarge() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let place = bench.resultPath("jpeg/a.jpg")
            try bench.standIn.put(place, [UInt8](repeating: 0x20, count: ResultDocument.maximumSize + 1))
            let summary = try await bench.pass()
            #expect(summary.failures.first?.reason.contains("too large") == true)
            #expect(bench.engine.callCount == 0)
            try bench.standIn.delete(place)
            #expect(try await bench.pass().published == 1)
        }
    }
}
