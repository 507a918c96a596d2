import Foundation
import Testing

@testable import Transcriber

@Suite("Telling cheaply that a JPEG needs nothing done to it", .serialized)
struct JPEGCheckTests {
    private static let check = JPEGCheck(longestSide: 3072, smallest: (8, 8))
    private static let jpegtran = Tool(name: "jpegtran", package: "libjpeg-turbo-progs", timeLimit: .seconds(30))
    private static let sheet = SampleSheets.path("pairs/fiche 1R.jpg")

    /// How a JPEG's scans are written.
    enum Form: String, CaseIterable {
        case baseline, progressive, restarting, gray
        var options: [String] {
            switch self {
            case .baseline: ["-optimize"]
            case .progressive: ["-progressive"]
            case .restarting: ["-restart", "1"]
            case .gray: ["-grayscale", "-progressive", "-restart", "2"]
            }
        }
    }

    private func scratch(_ body: (WorkFolder) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "jpeg-check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(WorkFolder(path: url.path))
    }

    /// A corner of a sheet, in that form.
    private func picture(_ form: Form, in folder: WorkFolder) async throws -> Data {
        let path = folder.file("\(form).jpg")
        let made = try await Self.jpegtran.run(
            form.options + ["-copy", "none", "-crop", "320x240+160+160", "-outfile", path, Self.sheet])
        try #require(made.succeeded, "\(made.complaints)")
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private func passes(_ bytes: Data, in folder: WorkFolder) async throws -> Bool {
        try bytes.write(to: URL(fileURLWithPath: folder.file("one.jpg")))
        return try await Self.check.passes(folder.file("one.jpg"))
    }

    @Test("sheets as they come from a scanner pass")
    func sheets() async throws {
        for name in ["pairs/fiche 1R.jpg", "pairs/fiche 1V.jpg", "typed/fiche 27FINAL.jpg", "hand/fiche 112FINAL.jpg"] {
            #expect(try await Self.check.passes(SampleSheets.path(name)), "\(name)")
        }
    }

    @Test("what stands beside a picture does not matter", arguments: Form.allCases)
    func surroundings(form: Form) async throws {
        try await scratch { folder in
            let picture = try await picture(form, in: folder)
            #expect(try await passes(picture, in: folder))
            #expect(try await passes(picture + Data("what a scanner appends".utf8), in: folder))
            #expect(try await passes(picture + picture, in: folder), "a telephone's second picture")
            let comment = Data([0xFF, 0xFF, 0xFE, 0x00, 0x07]) + Data("sheet".utf8)
            #expect(try await passes(picture.prefix(2) + comment + picture.dropFirst(2), in: folder))
        }
    }

    @Test(
        "a picture that breaks off passes nowhere, and is refused in the words of ImageMagick", arguments: Form.allCases
    )
    func brokenOff(form: Form) async throws {
        try await scratch { folder in
            let picture = try await picture(form, in: folder)
            let cuts =
                Array(stride(from: 1, to: picture.count, by: picture.count / 12))
                + Array(picture.count - 6..<picture.count)
            for cut in cuts where try await passes(picture.prefix(cut), in: folder) {
                Issue.record("\(cut) of \(picture.count) bytes pass")
            }
            let page = TranscriptionRequest.Page(path: folder.file("one.jpg"), name: "one.jpg", mediaType: .jpeg)
            for cut in [picture.count / 2, picture.count - 4] {
                try picture.prefix(cut).write(to: URL(fileURLWithPath: page.path))
                await #expect(throws: Scan.incomplete) {
                    try await PageConverter(AcceptedInput()).convert([page]) { _ throws(TranscriptionError) in }
                }
            }
        }
    }

    @Test("a picture in which bytes are damaged is left to ImageMagick")
    func damaged() async throws {
        try await scratch { folder in
            var picture = try await picture(.restarting, in: folder)
            let middle = picture.count / 2
            picture.replaceSubrange(middle..<middle + 200, with: Data(count: 200))
            #expect(try await !passes(picture, in: folder))
        }
    }

    @Test("EXIF data is heeded: upright passes, turned does not, and what is not understood is left to ImageMagick")
    func exif() async throws {
        try await scratch { folder in
            let picture = try await picture(.baseline, in: folder)
            func exif(_ orientation: UInt8, copies: Int = 1, tiff mark: String = "MM") -> Data {
                let entry: [UInt8] = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
                let content = Data("Exif\0\0\(mark)".utf8) + Data([0, 0x2A, 0, 0, 0, 8, 0, 1] + entry)
                let segment = Data([0xFF, 0xE1, 0, UInt8(content.count + 2)]) + content
                return picture.prefix(2) + (0..<copies).flatMap { _ in segment } + picture.dropFirst(2)
            }
            #expect(try await passes(exif(1), in: folder))
            for turned in 2...8 { #expect(try await !passes(exif(UInt8(turned)), in: folder)) }
            #expect(try await !passes(exif(0), in: folder))
            #expect(try await !passes(exif(1, copies: 2), in: folder))
            #expect(try await !passes(exif(1, tiff: "??"), in: folder))
        }
    }

    @Test("what is too large, too small, of print or no JPEG is left to ImageMagick")
    func others() async throws {
        #expect(try await !JPEGCheck(longestSide: 800, smallest: (8, 8)).passes(Self.sheet))
        #expect(try await !JPEGCheck(longestSide: 3072, smallest: (9000, 8)).passes(Self.sheet))
        for name in [
            "bad/huge_12000x9000.jpg", "bad/png_as_jpg.jpg", "bad/text.jpg", "bad/zero.jpg", "bad/truncated.jpg",
        ] {
            #expect(try await !Self.check.passes(SampleSheets.path(name)), "\(name)")
        }
        try await scratch { folder in
            let path = folder.file("print.jpg")
            _ = try await Tool.convert.run(["-size", "400x300", "xc:white", "-colorspace", "CMYK", "jpeg:\(path)"])
            #expect(JPEGHead(try Data(contentsOf: URL(fileURLWithPath: path)))?.components == 4)
            #expect(try await !Self.check.passes(path))
            #expect(try await !Self.check.passes(folder.file("none.jpg")))
        }
    }

    @Test("a sequential picture needs no program at all", arguments: [Form.baseline, .restarting])
    func noProgram(form: Form) async throws {
        try await scratch { folder in
            _ = try await picture(form, in: folder)
            var check = Self.check
            check.djpeg = Tool(name: "no-such-djpeg", package: "none", timeLimit: .seconds(30))
            #expect(try await check.passes(folder.file("\(form).jpg")))
        }
    }

    @Test("where its program is missing or hangs, ImageMagick looks at the picture")
    func missing() async throws {
        try await scratch { folder in
            _ = try await picture(.progressive, in: folder)
            let path = folder.file("\(Form.progressive).jpg")
            var check = Self.check
            #expect(try await check.passes(path))
            check.djpeg = Tool(name: "no-such-djpeg", package: "none", timeLimit: .seconds(30))
            #expect(try await !check.passes(path))
            check.djpeg = Tool(name: "djpeg", package: "none", timeLimit: .zero)
            #expect(try await !check.passes(path))
        }
    }

    @Test("whoever is cancelled is told so")
    func cancelled() async throws {
        let page = TranscriptionRequest.Page(path: Self.sheet, name: "sheet", mediaType: .jpeg)
        let task = Task { () async -> TranscriptionError? in
            do throws(TranscriptionError) {
                try await PageConverter(AcceptedInput()).convert([page]) { _ throws(TranscriptionError) in }
                return nil
            } catch {
                return error
            }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test("the head tells a picture's size, colours and EXIF data")
    func head() throws {
        let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 1, 2, 3, 4, 1, 1, 0x11, 0]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        let start: [UInt8] = [0xFF, 0xD8]
        let head = try #require(JPEGHead(Data(start + frame + scan)))
        #expect((head.width, head.height, head.components, head.orientation) == (0x304, 0x102, 1, .topLeft))
        // A slice begins elsewhere than at 0.
        #expect(JPEGHead(Data([0, 0] + start + frame + scan).dropFirst(2)) == head)
        for odd in [
            [], start, start + frame, start + scan, frame + scan, start + frame + frame + scan,
            start + [0xFF, 0xC3] + frame[2...] + scan, start + [0xFF, 0xE0, 0, 1] + frame + scan,
            start + [0xFF, 0xE0, 0xFF, 0xFF] + frame + scan, start + [0x00] + frame + scan,
            start + frame[..<5] + [0, 0] + frame[7...] + scan, start + [0xFF, 0xD9] + frame + scan,
        ] {
            #expect(JPEGHead(Data(odd)) == nil)
        }
    }
}
