import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("Whose a file at a result's place is")
struct PassEvidenceOwnerTests {
    private static let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#

    @Test("an empty file that our own upload left when it failed is replaced")
    func leftEmpty() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: .status(503)))
            _ = try await bench.pass()
            bench.standIn.removeFaults()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), [])
            bench.advance(.seconds(3600))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "merle")
            #expect(try #require(try await bench.rows().first).contains("modele"))
        }
    }

    @Test("the beginning of our own bytes that a failed upload left is replaced")
    func leftHalf() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let whole = try #require(try bench.standIn.bytes(at: place))
            try bench.standIn.delete(place)
            try bench.removeState()
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: .status(503)))
            _ = try await bench.pass()
            bench.standIn.removeFaults()
            let now = try #require(
                try await StateDatabase(directory: bench.stateDirectory).read {
                    try $0.publications.all(of: 1).first
                })
            #expect(now.sending != nil)
            try bench.standIn.put(place, Array(whole.prefix(40)))
            bench.advance(.seconds(3600))
            let summary = try await bench.pass()
            #expect((summary.published, summary.notes.count, summary.status) == (1, 0, .success))
        }
    }

    @Test("an empty file that was there before us is told, and neither adopted nor overwritten")
    func emptyBefore() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), [])
            let summary = try await bench.pass()
            #expect((summary.adopted, summary.failures.count, bench.engine.callCount) == (0, 1, 0))
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == [])
        }
    }

    @Test("our result of another scan is neither adopted nor overwritten, and told before anything is paid")
    func othersResult() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.copy(bench.resultPath("jpeg/a.jpg"), to: bench.resultPath("jpeg/b.jpg"))
            try bench.putScan("jpeg/b.jpg", "grive")
            let place = bench.resultPath("jpeg/b.jpg")
            let before = try bench.standIn.bytes(at: place)
            let summary = try await bench.pass()
            #expect((summary.adopted, summary.transcribed) == (0, 0))
            #expect(summary.failures.first?.reason.contains("another scan (jpeg/a.jpg)") == true)
            #expect(try bench.standIn.bytes(at: place) == before)
            #expect(try await bench.rows().count == 1)
            try bench.standIn.delete(place)
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("our result of another scan that comes while a model is asked is no person's, and stays")
    func othersResultMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/b.jpg", "grive")
            let (from, place) = (bench.resultPath("jpeg/a.jpg"), bench.resultPath("jpeg/b.jpg"))
            bench.engine.play { _ in
                try? bench.standIn.copy(from, to: place)
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.failures.first?.reason.contains("another scan (jpeg/a.jpg)") == true)
            #expect(try bench.standIn.bytes(at: place) == bench.standIn.bytes(at: from))
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { !$0.contains("personne") })
            #expect(rows.contains { $0.contains("grive") })
        }
    }

    @Test("a copy's reading that a person puts in the place of their own edit is a model's, and stays there")
    func readingOfACopy() async throws {
        try await PassBench.with { bench in
            bench.engine.play { ScriptedEngine.answer($0.promptKind == .ancien ? "à l'ancienne" : "à la moderne") }
            try bench.putScan("jpeg/ANCIEN/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "merle")
            #expect(try await bench.pass().published == 2)
            let (place, copy) = (bench.resultPath("jpeg/ANCIEN/a.jpg"), bench.resultPath("jpeg/b.jpg"))
            try bench.standIn.put(place, text: ScriptedEngine.answer("à la main"))
            _ = try await bench.pass()
            #expect(try await bench.rows().contains { $0.contains("à la main") && $0.contains("personne") })
            let bytes = try #require(try bench.standIn.bytes(at: copy))
            try bench.standIn.put(place, bytes)
            bench.advance(.seconds(10))
            _ = try await bench.pass()
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.allSatisfy { $0.contains("à la moderne") && !$0.contains("personne") })
            #expect(try bench.standIn.bytes(at: place) == bytes)
        }
    }

    @Test("every upload carries a modification time in the past, each lower than the one before at its place")
    func modificationTimes() async throws {
        try await PassBench.with { bench in
            for species in ["merle", "grive", "pinson"] {
                try bench.putScan("jpeg/a.jpg", species)
                #expect(try await bench.pass().published == 1)
            }
            // What a lost state has sent is told by the file itself.
            try bench.removeState()
            try bench.putScan("jpeg/a.jpg", "mésange")
            #expect(try await bench.pass().published == 1)
            let taken = bench.standIn.requests.filter {
                $0.method == "PUT" && $0.path.contains("_result.json") && [201, 204].contains($0.status)
            }
            let times = taken.map { $0.headers["x-oc-mtime"].flatMap { Int($0) } ?? 0 }
            #expect(times.count == 4)
            #expect(times == Array(Set(times)).sorted(by: >))
            #expect(times.allSatisfy { $0 > 0 && Double($0) <= bench.now.timeIntervalSince1970 - 2 })
        }
    }

    @Test("where the server ignores preconditions, a look before each upload keeps a person's file")
    func ignoredPreconditions() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "merle noir")
            _ = try await bench.pass()
            try await StateDatabase(directory: bench.stateDirectory).remember(
                .preconditions, #"{"honoursIfMatch":false,"honoursIfNoneMatch":false}"#)
            try bench.putScan("jpeg/a.jpg", "grive")
            try bench.putScan("jpeg/b.jpg", "pinson")
            try bench.putScan("jpeg/c.jpg", "mésange")
            try bench.putScan("jpeg/d.jpg", "moineau")
            bench.engine.play { _ in
                for name in ["a", "c"] {
                    try bench.standIn.put(bench.resultPath("jpeg/\(name).jpg"), text: Self.theirs)
                }
                return nil
            }
            bench.standIn.resetRequests()
            let summary = try await bench.pass()
            #expect((summary.published, summary.notes.count) == (2, 2))
            for name in ["a", "c"] {
                #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/\(name).jpg")) == Array(Self.theirs.utf8))
                #expect(
                    !bench.standIn.requests.contains {
                        $0.method == "PUT" && $0.path.contains("\(name)_result.json")
                    })
            }
        }
    }
}
