import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

/// Answers as Nextcloud and those in front of it give them.
enum ServerAnswer {
    static let page = "<!DOCTYPE html><html><head><title>Connexion</title></head><body>…</body></html>"

    /// A proxy's or portal's page.
    static func foreign(_ status: Int) -> Fault.Effect {
        .status(status, headers: ["Content-Type": "text/html; charset=UTF-8"], body: page)
    }

    /// Nextcloud's own error.
    static func nextcloud(
        _ status: Int, _ exception: String, _ message: String = "", in space: String = "Sabre\\DAV\\Exception"
    ) -> Fault.Effect {
        .status(
            status, headers: ["Content-Type": "application/xml; charset=utf-8"],
            body: """
                <?xml version="1.0" encoding="utf-8"?>
                <d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">
                  <s:exception>\(space)\\\(exception)</s:exception>
                  <s:message>\(message)</s:message>
                </d:error>
                """)
    }
}

@Suite("What proves that a file is gone")
struct PassEvidenceTests {
    private static let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#
    private static let doubtful = [ServerAnswer.foreign(404), ServerAnswer.nextcloud(404, "NotFound", "not there")]

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("a root that is renamed while sheets are read does not come back, and gets its results when it does")
    func renamedRoot() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                try? bench.standIn.move(PassBench.root, to: "Ailleurs")
                return nil
            }
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published) == (1, 0))
            #expect(try bench.standIn.paths(below: "").filter { $0.hasPrefix(PassBench.root) } == [])
            #expect(summary.failures == [])
            bench.engine.play(nil)
            try bench.standIn.move("Ailleurs", to: PassBench.root)
            bench.advance(.seconds(3600))
            #expect(try await bench.pass().published == 1)
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("a root that is renamed while a result is to be replaced is no deletion")
    func renamedRootOfReplacement() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.engine.play { _ in
                try? bench.standIn.move(PassBench.root, to: "Ailleurs")
                return nil
            }
            _ = try await bench.pass()
            #expect(try await bench.rows().count == 1)
            #expect(try bench.standIn.paths(below: "").filter { $0.hasPrefix(PassBench.root) } == [])
            bench.engine.play(nil)
            try bench.standIn.move("Ailleurs", to: PassBench.root)
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
        }
    }

    @Test("a 404 that proves nothing withdraws no row, and the result is replaced afterwards", arguments: doubtful)
    func replacement(answer: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: 1, effect: ServerAnswer.foreign(412)))
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "_result.json", times: 2, effect: .status(412)))
            bench.standIn.addFault(Fault(method: "GET", pathContains: "_result.json", times: 2, effect: answer))
            let first = try await bench.pass()
            #expect(try await bench.rows().count == 1)
            #expect(first.notes == [])
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("no model is asked because a result that the listing shows answers 404", arguments: doubtful)
    func adoption(answer: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            bench.standIn.addFault(Fault(method: "GET", pathContains: "_result.json", times: 2, effect: answer))
            let first = try await bench.pass()
            #expect(first.failures == [])
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            let second = try await bench.pass()
            #expect((first.adopted + second.adopted, bench.engine.callCount) == (1, 0))
        }
    }

    @Test("a result that cannot be moved because a proxy answers 404 is no deletion")
    func move() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            for method in ["MOVE", "GET"] {
                bench.standIn.addFault(
                    Fault(
                        method: method, pathContains: "transcription_results", times: 2,
                        effect: ServerAnswer.foreign(404)))
            }
            _ = try await bench.pass()
            #expect(try await bench.rows().count == 1)
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/b.jpg") != nil)
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }

    @Test("a result that a person deleted is known to be deleted when it is to be replaced")
    func deletedMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.engine.play { _ in
                try? bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.status == .success)
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows() == [])
        }
    }

    @Test("a person's result that was adopted and then deleted stays deleted, whatever happens to its scan")
    func adoptedThenDeleted() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            #expect(try await bench.pass().adopted == 1)
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            #expect(try await bench.rows() == [])
            for content in ["merle", "grive"] {
                try bench.putScan("jpeg/a.jpg", content)
                #expect(try await bench.pass().published == 0)
                #expect(try bench.result("jpeg/a.jpg") == nil)
            }
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/b.jpg") == nil)
            #expect((try await bench.rows(), bench.engine.callCount) == ([], 0))
            let deleted = try await StateDatabase(directory: bench.stateDirectory).read {
                try $0.publications.deletedCount(JobFilter(models: ["modele_a"]))
            }
            #expect(deleted == 1)
        }
    }
}
