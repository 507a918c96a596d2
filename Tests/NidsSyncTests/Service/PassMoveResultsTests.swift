import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass when people move scans and results, and do something with these")
struct PassMoveResultsTests {
    private static let locked = ServerAnswer.nextcloud(423, "FileLocked", in: "OCA\\DAV\\Connector\\Sabre\\Exception")

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("an edited result that a person moved with its folder is theirs, though its scan has another name by now")
    func editedAndMovedWithItsFolder() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/lot/\(name).jpg", "merle \(name)") }
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/lot/a.jpg")
            let edited = String(decoding: try #require(try bench.standIn.bytes(at: place)), as: UTF8.self)
                .replacing("merle a", with: "merle noir")
            try bench.standIn.put(place, text: edited)
            try bench.standIn.move(root("jpeg/lot"), to: root("jpeg/neu"))
            try bench.standIn.move(root("transcription_results/jpeg/lot"), to: root("transcription_results/jpeg/neu"))
            try bench.standIn.move(root("jpeg/neu/a.jpg"), to: root("jpeg/neu/c.jpg"))
            for _ in 0..<3 {
                #expect(try await bench.pass().deleted == 0)
                bench.advance(.seconds(60))
            }
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/neu/c.jpg")) == Array(edited.utf8))
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.contains { $0.contains("jpeg/neu/c.jpg") && $0.contains("merle noir") })
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a result that a person moved with its scan and spoiled there is told, and not taken for deleted")
    func movedAndSpoilt() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            for folder in ["jpeg/neu", "transcription_results/jpeg/neu", "transcription_results/jpeg/neu/modele_a"] {
                try bench.standIn.makeCollection(root(folder))
            }
            let place = bench.resultPath("jpeg/neu/a.jpg")
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/neu/a.jpg"))
            try bench.standIn.move(bench.resultPath("jpeg/a.jpg"), to: place)
            try bench.standIn.put(place, text: #"{"informations_generales": gâché"#)
            let first = try await bench.pass()
            #expect(first.deleted == 0)
            #expect(first.failures.contains { $0.path == "jpeg/neu/a.jpg" && $0.reason.contains("put it right") })
            try bench.standIn.put(place, text: ScriptedEngine.answer("merle noir"))
            bench.advance(.seconds(60))
            _ = try await bench.pass()
            #expect(try await bench.rows().allSatisfy { $0.contains("jpeg/neu/a.jpg") && $0.contains("merle noir") })
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("a scan whose result a person deleted takes nothing from the one with which it exchanges its name")
    func exchangedWithADeletedOne() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            let id = try bench.standIn.fileID(of: bench.resultPath("jpeg/b.jpg"))
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/c.jpg"))
            try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
            try bench.standIn.move(root("jpeg/c.jpg"), to: root("jpeg/b.jpg"))
            // The other one's result goes last.
            bench.standIn.addFault(Fault(method: "MOVE", pathContains: "b_result", effect: Self.locked))
            for _ in 0..<3 {
                #expect(try await bench.pass(settings: ["NIDS_NEXTCLOUD_FULL_CHECK_INTERVAL": "1s"]).deleted == 1)
                bench.advance(.seconds(60))
            }
            #expect(try bench.standIn.fileID(of: bench.resultPath("jpeg/a.jpg")) == id)
            #expect(try bench.result("jpeg/b.jpg") == nil)
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("jpeg/a.jpg") && $0.contains("grive") })
        }
    }
}
