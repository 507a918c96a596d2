import Foundation
import Testing

@testable import Transcriber

/// `TesseractEngine` is given the scans as they are: it draws what it reads for itself.
@Suite("The local engine takes every kind of scan", .serialized)
struct LocalEngineInputTests {
    /// How the sheet is stored, as ImageMagick makes it, and how EXIF says that it is turned.
    struct Form: Sendable, CustomTestStringConvertible {
        var type: MediaType
        var turn: [String] = []
        var orientation = 1
        var testDescription: String { "\(type.rawValue), orientation \(orientation)" }
    }

    @Test(
        "a sheet is read whatever its file is and however it is turned",
        arguments: [
            Form(type: .heic),
            // Stored a quarter turned to the left, which 6 says to undo; on its head, 3.
            Form(type: .jpeg, turn: ["-rotate", "-90"], orientation: 6),
            Form(type: .tiff, turn: ["-rotate", "180"], orientation: 3),
            Form(type: .webp, turn: ["-rotate", "-90"], orientation: 6),
        ])
    func reads(form: Form) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "local-input-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let path = url.path + "/sheet"
        let format = form.type.rawValue.split(separator: "/").last.map(String.init) ?? ""
        let made = try await Tool.convert.run(
            ["png:" + SampleSheets.path("bad/png_as_jpg.jpg")] + form.turn
                + ["-units", "PixelsPerInch", "-density", "150", "-quality", "92", "\(format):\(path)"])
        try #require(made.succeeded, "\(made.complaints)")
        if form.orientation > 1 {
            let told = try await Tool.exiv2.run(["-M", "set Exif.Image.Orientation \(form.orientation)", path])
            try #require(told.succeeded, "\(told.complaints)")
        }
        let page = TranscriptionRequest.Page(path: path, name: "sheet", mediaType: form.type)
        let answer = try await TesseractEngine().transcribe(
            TranscriptionRequest(pages: [page], promptKind: .standard))
        let score = FicheScore.compare(
            read: try JSONValue(parsing: answer.text), truth: try SampleSheets.truth("bad/good_small.truth.json"))
        #expect(score.accuracy >= 0.8)
    }
}
