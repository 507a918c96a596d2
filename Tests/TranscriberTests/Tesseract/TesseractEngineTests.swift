import Foundation
import Synchronization
import Testing

@testable import Transcriber

/// These run the real programs; one sheet takes some seconds, so they do not compete for the machine.
@Suite("The local engine", .serialized)
struct TesseractEngineTests {
    private let engine = TesseractEngine()

    private func score(_ answer: EngineAnswer, against truth: String) throws -> FicheScore {
        FicheScore.compare(read: try JSONValue(parsing: answer.text), truth: try SampleSheets.truth(truth))
    }

    @Test("reads typed sheets, recto and verso on one picture", arguments: [27, 29, 36])
    func readsTypedSheets(number: Int) async throws {
        let answer = try await engine.transcribe(SampleSheets.request("typed/fiche \(number)FINAL.jpg"))
        let score = try score(answer, against: "typed/fiche \(number)FINAL.truth.json")
        #expect(score.accuracy >= 0.8)
        #expect(score.inventedShare <= 0.02)
        #expect(answer.providerModel.hasPrefix("tesseract "))
        #expect(answer.providerModel.hasSuffix(" fra"))
    }

    @Test("reads a recto and a verso as one sheet")
    func readsPair() async throws {
        let answer = try await engine.transcribe(SampleSheets.request("pairs/fiche 1R.jpg", "pairs/fiche 1V.jpg"))
        let score = try score(answer, against: "pairs/fiche 1.truth.json")
        #expect(score.accuracy >= 0.8)
        #expect(score.inventedShare <= 0.02)
    }

    @Test(
        "reads other printings of the form",
        arguments: [
            (["boxes.jpg"], "boxes"), (["blank.jpg"], "blank"), (["dotted.jpg"], "dotted"), (["edges.jpg"], "edges"),
            (["aligned R.jpg", "aligned V.jpg"], "aligned"),
        ])
    func readsOtherPrintings(files: [String], truth: String) async throws {
        let answer = try await engine.transcribe(SampleSheets.request(files.map { "printings/" + $0 }))
        let score = try score(answer, against: "printings/\(truth).truth.json")
        #expect(score.accuracy >= 0.9)
        #expect(score.inventedShare <= 0.02)
    }

    @Test("leaves handwriting blank rather than making something up")
    func inventsNothingFromHandwriting() async throws {
        let answer = try await engine.transcribe(SampleSheets.request("hand/fiche 112FINAL.jpg"))
        let score = try score(answer, against: "hand/fiche 112FINAL.truth.json")
        #expect(score.inventedShare <= 0.03)
    }

    @Test(
        "reads a PNG that is called .jpg, and a PDF whose table of objects is broken",
        arguments: ["bad/png_as_jpg.jpg", "bad/broken_xref.pdf"])
    func readsOddFiles(name: String) async throws {
        let answer = try await engine.transcribe(SampleSheets.request(name))
        let score = try score(answer, against: "bad/good_small.truth.json")
        #expect(score.accuracy >= 0.8)
        #expect(score.inventedShare <= 0.02)
    }

    @Test("says of a picture that is cut off that it is cut off")
    func refusesCutOffPicture() async throws {
        await #expect(
            throws: TranscriptionError.unreadable(
                reason: "the picture is cut off: scan it or upload it again")
        ) {
            try await engine.transcribe(SampleSheets.request("bad/truncated.jpg"))
        }
    }

    @Test("refuses a picture of 108 million points before decoding it")
    func refusesHugePicture() async throws {
        await #expect {
            try await engine.transcribe(SampleSheets.request("bad/huge_12000x9000.jpg"))
        } throws: { error in
            guard case .unreadable(let reason) = error as? TranscriptionError else { return false }
            return reason.contains("12000") && reason.contains("300 dpi")
        }
    }

    @Test("calls an empty file, and text that claims to be a picture, damaged", arguments: ["zero.jpg", "text.jpg"])
    func refusesDamagedFiles(name: String) async throws {
        let page = TranscriptionRequest.Page(path: SampleSheets.path("bad/" + name), name: name, mediaType: .jpeg)
        await #expect {
            try await engine.transcribe(TranscriptionRequest(pages: [page], promptKind: .standard))
        } throws: { error in
            guard case .unreadable = error as? TranscriptionError else { return false }
            return true
        }
    }

    @Test("leaves no temporary folder behind, whether a sheet could be read or not", arguments: [true, false])
    func removesItsFolder(isReadable: Bool) async throws {
        let used = Mutex("")
        do {
            try await WorkFolder.with { folder throws(TranscriptionError) in
                used.withLock { $0 = folder.path }
                try folder.write([1], to: "x")
                #expect(FileManager.default.fileExists(atPath: folder.file("x")))
                if !isReadable { throw .unreadable(reason: "test") }
            }
            #expect(isReadable)
        } catch {
            #expect(error == .unreadable(reason: "test"))
        }
        let path = used.withLock(\.self)
        #expect(!path.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("names the program that is missing, and the package that brings it")
    func namesMissingTool() async {
        let tool = Tool(name: "nids-sync-no-such-program", package: "no-such-package", timeLimit: .seconds(5))
        await #expect(
            throws: TranscriptionError.toolMissing(name: "nids-sync-no-such-program", package: "no-such-package")
        ) {
            try await tool.run([])
        }
    }

    @Test("names the package of a language that is missing")
    func namesMissingLanguage() async throws {
        await #expect(throws: TranscriptionError.toolMissing(name: "xyz.traineddata", package: "tesseract-ocr-xyz")) {
            try await TesseractEngine(language: "xyz").transcribe(SampleSheets.request("pairs/fiche 1V.jpg"))
        }
    }

    @Test("kills a program that hangs")
    func killsHangingTool() async {
        let started = ContinuousClock.now
        await #expect(throws: TranscriptionError.self) {
            try await Tool(name: "sleep", package: "coreutils", timeLimit: .milliseconds(200)).run(["600"])
        }
        #expect(ContinuousClock.now - started < .seconds(60))
    }

    @Test("kills its program when it is cancelled")
    func killsToolOnCancellation() async throws {
        try await WorkFolder.with { folder throws(TranscriptionError) in
            let file = folder.file("pid")
            let task = Task {
                try await Tool(name: "sh", package: "dash", timeLimit: .seconds(600))
                    .run(["-c", "echo $$ > \"$0.new\" && mv \"$0.new\" \"$0\" && exec sleep 600", file])
            }
            while !FileManager.default.fileExists(atPath: file) { try? await Task.sleep(for: .milliseconds(10)) }
            task.cancel()
            await #expect(throws: TranscriptionError.cancelled) { try await task.value }
            let text = (folder.bytes(of: "pid") ?? []).map { Character(UnicodeScalar($0)) }
            let pid = pid_t(String(text).trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(pid.map { kill($0, 0) } == -1)
        }
    }
}
