import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass over preparations of the same sheets")
struct PassVariantTests {
    private static let folders = ["FUSION_FULL", "binarisation", "blur"]
    private static let none = ["NIDS_NEXTCLOUD_VARIANTS": "none"]

    private static var dryRun: PassOptions {
        var options = PassOptions()
        options.isDryRun = true
        return options
    }

    private static func below(_ path: String) -> PassOptions {
        var options = PassOptions()
        options.path = path
        return options
    }

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    private func results(_ bench: PassBench) throws -> [String] {
        try bench.standIn.paths(below: root("transcription_results"))
            .filter { $0.hasSuffix("_result.json") }
            .map { String($0.dropFirst(root("transcription_results/").count)) }.sorted()
    }

    private func put(_ bench: PassBench, _ name: String, in folders: [String] = folders) throws {
        for folder in folders { try bench.putScan("jpeg/\(folder)/\(name)", "\(name) \(folder)") }
    }

    @Test("three preparations of twenty sheets, pairs and other extensions among them: twenty asked, twenty rows")
    func twenty() async throws {
        try await PassBench.with { bench in
            for number in 1...20 {
                switch number % 4 {
                case 0:
                    for side in ["R", "V"] { try put(bench, "fiche \(number)\(side).jpg") }
                case 1:
                    try put(bench, "fiche \(number).jpg", in: ["FUSION_FULL"])
                    try put(bench, "fiche \(number).png", in: ["binarisation", "blur"])
                default: try put(bench, "fiche \(number).jpg")
                }
            }
            let dry = try await bench.pass(Self.dryRun)
            #expect((dry.waiting, dry.variants, bench.engine.callCount) == (20, 50, 0))
            let summary = try await bench.pass()
            #expect((summary.discovered, summary.transcribed, summary.published, summary.recorded) == (20, 20, 20, 20))
            #expect((summary.waiting, summary.variants, summary.failures) == (0, 50, []))
            #expect(bench.engine.callCount == 20)
            #expect(bench.engine.calls.keys.allSatisfy { $0.contains("FUSION_FULL") && !$0.contains("blur") })
            #expect(try results(bench).count == 20)
            #expect(try results(bench).allSatisfy { $0.hasPrefix("jpeg/FUSION_FULL/modele_a/") })
            #expect(try await bench.rows().count == 20)
            #expect(
                summary.variantScans.contains {
                    $0.path == "jpeg/blur/fiche 4V.jpg" && $0.readPath == "jpeg/FUSION_FULL/fiche 4R.jpg"
                })
            let idle = try await bench.pass()
            #expect((idle.httpRequests, idle.unchanged, idle.variants) == (1, 20, 50))
        }
    }

    @Test("the preferred preparation that comes later is asked about once where its content differs, and replaces ours")
    func preferredLater() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg", in: ["blur", "binarisation"])
            try put(bench, "b.jpg", in: ["blur"])
            #expect(try await bench.pass().transcribed == 2)
            #expect(bench.engine.calls == ["a.jpg binarisation": 1, "b.jpg blur": 1])
            try put(bench, "a.jpg", in: ["FUSION_FULL"])
            // The same bytes, as from a copy.
            try bench.putScan("jpeg/FUSION_FULL/b.jpg", "b.jpg blur")
            let later = try await bench.pass()
            #expect((later.transcribed, later.failures, later.waiting) == (1, [], 0))
            #expect(bench.engine.calls == ["a.jpg binarisation": 1, "b.jpg blur": 1, "a.jpg FUSION_FULL": 1])
            #expect(
                try results(bench) == [
                    "jpeg/FUSION_FULL/modele_a/a_result.json", "jpeg/FUSION_FULL/modele_a/b_result.json",
                ])
            #expect(
                try bench.result("jpeg/FUSION_FULL/a.jpg")?["informations_generales"]?["espece"] == "a.jpg FUSION_FULL")
            #expect(try await bench.rows().count == 2)
            #expect(try await bench.rows().contains { $0.contains("a.jpg FUSION_FULL") })
            #expect(try await bench.pass().httpRequests <= 2)
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("nothing is asked about a better preparation where a person edited, confirmed or deleted the result")
    func personsResult() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg", in: ["blur"])
            try put(bench, "b.jpg", in: ["blur"])
            _ = try await bench.pass()
            let edited = ScriptedEngine.answer("relu")
            try bench.standIn.put(bench.resultPath("jpeg/blur/a.jpg"), text: edited)
            try bench.standIn.delete(bench.resultPath("jpeg/blur/b.jpg"))
            _ = try await bench.pass()
            try put(bench, "a.jpg", in: ["FUSION_FULL"])
            try put(bench, "b.jpg", in: ["FUSION_FULL"])
            let later = try await bench.pass()
            #expect((later.transcribed, later.published, bench.engine.callCount) == (0, 0, 2))
            #expect(try results(bench) == ["jpeg/blur/modele_a/a_result.json"])
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/blur/a.jpg")) == Array(edited.utf8))
            #expect(later.variantScans.map(\.path) == ["jpeg/FUSION_FULL/a.jpg", "jpeg/FUSION_FULL/b.jpg"])
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.first?.contains("relu") == true)
        }
    }

    @Test("where the one that is read is deleted, another is, and is asked about once; it comes back at no cost")
    func takeover() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/FUSION_FULL/a.jpg"))
            for _ in 0..<3 { #expect(try await bench.pass().failures == []) }
            #expect(bench.engine.calls == ["a.jpg FUSION_FULL": 1, "a.jpg binarisation": 1])
            #expect(try results(bench) == ["jpeg/binarisation/modele_a/a_result.json"])
            #expect(try await bench.rows().count == 1)
            #expect(try await bench.rows().first?.contains("a.jpg binarisation") == true)
            try put(bench, "a.jpg", in: ["FUSION_FULL"])
            let back = try await bench.pass()
            #expect((back.transcribed, back.variants, bench.engine.callCount) == (0, 2, 2))
            #expect(
                try bench.result("jpeg/FUSION_FULL/a.jpg")?["informations_generales"]?["espece"] == "a.jpg FUSION_FULL")
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("where a person edited the result of the one that is deleted, nothing is asked and the result stays")
    func takeoverOfPersons() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            _ = try await bench.pass()
            let edited = ScriptedEngine.answer("relu")
            try bench.standIn.put(bench.resultPath("jpeg/FUSION_FULL/a.jpg"), text: edited)
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/FUSION_FULL/a.jpg"))
            for _ in 0..<3 { #expect(try await bench.pass().failures == []) }
            #expect(bench.engine.callCount == 1)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/FUSION_FULL/a.jpg")) == Array(edited.utf8))
            #expect(try results(bench).count == 1)
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.first?.contains("relu") == true)
        }
    }

    @Test("readings of several preparations from before are kept: nothing is asked, one sheet counts, and back again")
    func switched() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            try put(bench, "bR.jpg")
            try put(bench, "bV.jpg")
            try put(bench, "c.jpg", in: ["blur"])
            _ = try await bench.pass(settings: Self.none)
            let (calls, before) = (bench.engine.callCount, try results(bench))
            #expect((calls, before.count) == (10, 10))
            let bytes = try before.map { try bench.standIn.bytes(at: root("transcription_results/\($0)")) }
            for _ in 0..<2 {
                let joined = try await bench.pass()
                #expect((joined.transcribed, joined.discovered, joined.failures) == (0, 4, []))
                #expect(try await bench.rows().count == 4)
                let apart = try await bench.pass(settings: Self.none)
                #expect((apart.transcribed, apart.discovered, apart.failures) == (0, 10, []))
                #expect(try await bench.rows().count == 10)
                #expect(apart.variants == 0)
            }
            #expect(bench.engine.callCount == calls)
            #expect(try before.map { try bench.standIn.bytes(at: root("transcription_results/\($0)")) } == bytes)
        }
    }

    @Test("with the state lost, the results that lie there are adopted; a person's comes first wherever it lies")
    func stateLost() async throws {
        try await PassBench.with { bench in
            for name in ["a.jpg", "b.jpg"] { try put(bench, name) }
            _ = try await bench.pass(settings: Self.none)
            try bench.standIn.put(bench.resultPath("jpeg/blur/b.jpg"), text: ScriptedEngine.answer("relu"))
            try bench.removeState()
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.discovered, summary.failures) == (0, 2, []))
            #expect(bench.engine.callCount == 6)
            #expect(try results(bench).count == 6)
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.contains { $0.contains("a.jpg FUSION_FULL") })
            #expect(rows.contains { $0.contains("relu") })
            #expect(summary.variantScans.contains { $0.readPath == "jpeg/blur/b.jpg" })
        }
    }

    @Test("a person who edits the result of one that stands by has edited the sheet")
    func editedBeside() async throws {
        for losesState in [false, true] {
            try await PassBench.with { bench in
                try put(bench, "a.jpg")
                _ = try await bench.pass(settings: Self.none)
                if losesState { try bench.removeState() }
                _ = try await bench.pass()
                #expect(try await bench.rows().first?.contains("FUSION_FULL") == true)
                try bench.standIn.put(bench.resultPath("jpeg/blur/a.jpg"), text: ScriptedEngine.answer("relu"))
                let summary = try await bench.pass()
                #expect((summary.transcribed, bench.engine.callCount) == (0, 3))
                let rows = try await bench.rows()
                #expect(rows.count == 1)
                #expect(rows.first?.contains("relu") == true)
                #expect(try results(bench).count == 3)
            }
        }
    }

    @Test("what an older installation read of one preparation is adopted, and the preferred one is not asked about")
    func olderInstallation() async throws {
        try await PassBench.with { bench in
            for name in ["a.jpg", "b.jpg"] { try put(bench, name) }
            for folder in ["binarisation", "blur"] {
                try bench.standIn.put(bench.resultPath("jpeg/\(folder)/a.jpg"), text: ScriptedEngine.answer(folder))
            }
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.discovered) == (1, 2))
            #expect(bench.engine.calls == ["b.jpg FUSION_FULL": 1])
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.contains { $0.contains("binarisation") })
            // Whatever makes it look again, it stays so.
            try bench.standIn.move(root("jpeg"), to: root("pdf"))
            _ = try await bench.pass()
            #expect(bench.engine.callCount == 1)
            #expect(try await bench.rows().count == 2)
        }
    }

    @Test("a folder that holds the sheet whole is read rather than one with a side; sides of two folders never mix")
    func sides() async throws {
        try await PassBench.with { bench in
            try put(bench, "1R.jpg", in: ["FUSION_FULL", "blur"])
            try put(bench, "1V.jpg", in: ["blur"])
            try put(bench, "2R.jpg", in: ["FUSION_FULL"])
            try put(bench, "2V.jpg", in: ["binarisation"])
            let first = try await bench.pass()
            #expect((first.transcribed, first.waiting) == (1, 1))
            bench.advance(.seconds(20 * 60))
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.engine.calls == ["1R.jpg blur+1V.jpg blur": 1, "2R.jpg FUSION_FULL": 1])
            try put(bench, "1V.jpg", in: ["FUSION_FULL"])
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.engine.calls["1R.jpg FUSION_FULL+1V.jpg FUSION_FULL"] == 1)
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("the folders are told in any case and normal form, and differ in one of the names alone")
    func places() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/e\u{301}te\u{301}/fusion_full/a.jpg", "a")
            try bench.putScan("jpeg/\u{E9}t\u{E9}/BLUR/a.jpg", "a blur")
            try bench.putScan("jpeg/x/FUSION_FULL/y/blur/b.jpg", "b")
            try bench.putScan("jpeg/x/FUSION_FULL/y/binarisation/b.jpg", "b bin")
            try bench.putScan("jpeg/x/blur/y/FUSION_FULL/c.jpg", "c")
            try bench.putScan("jpeg/x/FUSION_FULL/y/blur/c.jpg", "c other")
            try bench.putScan("jpeg/x/d.jpg", "d")
            try bench.putScan("jpeg/x/blur/d.jpg", "d blur")
            let summary = try await bench.pass()
            #expect(
                summary.variantScans.map(\.path) == [
                    "jpeg/x/FUSION_FULL/y/blur/b.jpg", "jpeg/\u{E9}t\u{E9}/BLUR/a.jpg",
                ])
            #expect(Set(bench.engine.calls.keys) == ["a", "b bin", "c", "c other", "d", "d blur"])
        }
    }

    @Test("two scans of one name in one folder: which is whose cannot be told, so each is read, with the reason")
    func crowded() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg", in: ["FUSION_FULL", "blur"])
            try bench.putScan("jpeg/FUSION_FULL/a.png", "a.png")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.variants) == (3, 0))
            let notes = summary.notes.filter { $0.path == "jpeg/blur/a.jpg" }
            #expect(notes.first?.reason.contains("jpeg/FUSION_FULL has more") == true)
        }
    }

    @Test("--path below a folder that stands by reads nothing, and says what is read instead")
    func path() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            let summary = try await bench.pass(Self.below("jpeg/blur"))
            #expect((summary.transcribed, summary.waiting, bench.engine.callCount) == (0, 0, 0))
            #expect(summary.notes.contains { $0.path == "jpeg/blur" && $0.reason.contains("jpeg/FUSION_FULL/a.jpg") })
            #expect(try await bench.pass(Self.below("jpeg/FUSION_FULL")).transcribed == 1)
        }
    }

    @Test("one that is excluded makes way for another; without the exclusion it is read again at no cost")
    func excluded() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            _ = try await bench.pass()
            let excluding = ["NIDS_NEXTCLOUD_EXCLUDE": "**/FUSION_FULL/**"]
            bench.advance(.seconds(7 * 3600))
            #expect(try await bench.pass(settings: excluding).transcribed == 1)
            #expect(bench.engine.calls == ["a.jpg FUSION_FULL": 1, "a.jpg binarisation": 1])
            bench.advance(.seconds(7 * 3600))
            #expect(try await bench.pass().transcribed == 0)
            #expect(try results(bench) == ["jpeg/FUSION_FULL/modele_a/a_result.json"])
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("sibling folders that share most names and are not in the list are told before anything is paid for")
    func similar() async throws {
        try await PassBench.with { bench in
            for number in 1...6 { try put(bench, "\(number).jpg", in: ["FUSION_FULL", "deskew"]) }
            for year in ["1975", "1976"] { for number in 1...6 { try put(bench, "\(number).jpg", in: [year]) } }
            let summary = try await bench.pass(Self.dryRun)
            let notes = summary.notes.filter { $0.reason.contains("nextcloud.variants") }
            #expect(notes.map(\.path) == ["jpeg"])
            #expect(notes.first?.reason.contains("FUSION_FULL, deskew have 6 scans") == true)
            let named = try await bench.pass(
                Self.dryRun, settings: ["NIDS_NEXTCLOUD_VARIANTS": "FUSION_FULL,deskew"])
            #expect((named.waiting, named.variants) == (18, 6))
            #expect(named.notes.filter { $0.reason.contains("nextcloud.variants") }.isEmpty)
        }
    }

    @Test("retry of a scan that stands by is retry of its sheet")
    func retry() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            bench.engine.play { _ in throw TranscriptionError.unreadable(reason: "too dark") }
            #expect(try await bench.pass().failures.count == 1)
            bench.engine.play(nil)
            let retry = try #require(try Retry(directory: bench.stateDirectory, now: bench.now))
            let outcome = try await retry.perform(RetryWish(.unfinished, paths: ["jpeg/blur/a.jpg"]))
            #expect((outcome.sheets, outcome.unmatched) == (1, []))
            #expect(try await bench.pass().transcribed == 1)
        }
    }

    @Test("several models read the same preparation, and a model that is added reads that too")
    func models() async throws {
        try await PassBench.with { bench in
            try put(bench, "a.jpg")
            _ = try await bench.pass()
            let both = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"]
            #expect(try await bench.pass(settings: both).transcribed == 1)
            #expect(bench.engine.calls == ["a.jpg FUSION_FULL": 2])
        }
    }
}
