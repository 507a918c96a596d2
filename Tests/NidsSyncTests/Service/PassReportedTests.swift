import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What people report of servers, and of clocks")
struct PassReportedTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("a scan and an edit that a wrong clock has dated far ahead are read, and a poll stays one request")
    func datedAhead() async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.stoppedClock = 4_000_000_000
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.conditions.stoppedClock = nil
            #expect(try await bench.pass().published == 1)
            bench.standIn.conditions.stoppedClock = 4_000_000_000
            try bench.standIn.put(
                bench.resultPath("jpeg/a.jpg"), text: #"{"informations_generales": {"espece": "à la main"}}"#)
            bench.standIn.conditions.stoppedClock = nil
            #expect(try await bench.pass().recorded == 1)
            bench.advance(.seconds(10))
            _ = try await bench.pass()
            bench.advance(.seconds(10))
            #expect(try await bench.pass().httpRequests == 1)
            #expect(try await bench.rows().allSatisfy { $0.contains("à la main") })
        }
    }

    @Test("a machine that does not know the time uploads with one that Nextcloud takes, each earlier than the last")
    func clockOfTheBeginning() {
        var publication = Publication(path: ResultNames.folder, jobID: 1, state: .pending)
        var times: [Int] = []
        for seconds in [5.0, 90_000, 90_001] {
            let time = publication.nextModified(received: seconds, now: Date(timeIntervalSince1970: seconds))
            publication.modified = time
            times.append(time)
        }
        #expect(times == [1_000_000_000, 999_999_999, 999_999_998])
        #expect(publication.nextModified(received: 1.8e9, now: Date(timeIntervalSince1970: 1.8e9)) == 999_999_997)
    }

    @Test("a move that is carried out and answered with 423 all the same is no person's doing")
    func movedAndLocked() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let rows = try await bench.rows()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            bench.standIn.addFault(Fault(method: "MOVE", effect: .actAndFail(423, exception: "Locked")))
            _ = try await bench.pass()
            bench.advance(.seconds(60))
            let summary = try await bench.pass()
            #expect((summary.waiting, summary.failures.count, summary.withdrawn) == (0, 0, 0))
            #expect(try bench.result("jpeg/b.jpg") != nil)
            let now = try await bench.rows()
            #expect(
                now
                    == rows.map {
                        $0.replacing("jpeg/a.jpg", with: "jpeg/b.jpg").replacing("a_result", with: "b_result")
                    })
        }
    }

    @Test("an upload that is carried out and answered with 500 or 504 all the same is ours", arguments: [500, 504])
    func storedAndFailed(status: Int) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result", effect: .actAndFail(status, exception: "Exception")))
            _ = try await bench.pass()
            bench.advance(.seconds(60))
            let summary = try await bench.pass()
            #expect((summary.waiting, summary.failures.count) == (0, 0))
            #expect(try await bench.rows().allSatisfy { $0.contains("modele") && !$0.contains("personne") })
            try bench.putScan("jpeg/a.jpg", "grive")
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("other file ids for everything (another data directory) cost an acceptance, and neither rows nor requests")
    func otherIDs() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass()
            try bench.standIn.put(
                bench.resultPath("jpeg/b.jpg"), text: #"{"informations_generales": {"espece": "à la main"}}"#)
            _ = try await bench.pass()
            let rows = try await bench.rows()
            try bench.standIn.copy(PassBench.root, to: "aside")
            try bench.standIn.delete(PassBench.root)
            try bench.standIn.move("aside", to: PassBench.root)
            await #expect(throws: PassError.self) { try await bench.pass() }
            var options = PassOptions()
            options.acceptChange = true
            for _ in 0..<3 {
                let summary = try await bench.pass(options)
                #expect((summary.transcribed, summary.withdrawn, summary.published) == (0, 0, 0))
                options.acceptChange = false
            }
            #expect(try await bench.rows() == rows)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a scan that keeps getting another file id with the same content is worked on once")
    func changingIDs() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let rows = try await bench.rows()
            for _ in 0..<3 {
                try bench.standIn.delete(root("jpeg/a.jpg"))
                try bench.putScan("jpeg/a.jpg", "merle")
                let summary = try await bench.pass()
                #expect((summary.transcribed, summary.withdrawn, summary.published) == (0, 0, 0))
            }
            #expect(try await bench.rows() == rows)
        }
    }

    @Test("a virus scanner's 415 for a result fails that sheet with the scanner's words, and no other")
    func virusScanner() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "a_result", times: nil,
                    effect: ServerAnswer.nextcloud(
                        415, "UnsupportedMediaType", "Virus X is detected in the file. Upload cannot be completed.",
                        in: "OCA\\DAV\\Connector\\Sabre\\Exception")))
            let summary = try await bench.pass()
            #expect(summary.published == 1)
            #expect(summary.recorded == 2)
            #expect(
                (summary.failures + summary.notes).contains { $0.path == "jpeg/a.jpg" && $0.reason.contains("Virus X") }
            )
        }
    }
}
