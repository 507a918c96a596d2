import Foundation
import Testing

@testable import Transcriber

/// These run the real programs.
@Suite("Making of a scan what a model takes", .serialized)
struct PageConverterTests {
    private typealias Page = TranscriptionRequest.Page

    /// What one page became: its type and name, and what ImageMagick says of it.
    private struct Outcome: Equatable {
        var isSame: Bool
        var name: String
        var type: MediaType
        var width = 0
        var height = 0
        /// The colour of the top left corner.
        var corner = ""
        var profiles = ""
        var size: String { "\(width)x\(height)" }
    }

    private func convert(
        _ pages: [Page], _ accepted: AcceptedInput = AcceptedInput()
    ) async throws(TranscriptionError) -> [Outcome] {
        try await PageConverter(accepted).convert(pages) { ready throws(TranscriptionError) in
            var outcomes: [Outcome] = []
            for page in ready {
                let isSame = pages.contains { $0.path == page.path }
                var outcome = Outcome(isSame: isSame, name: page.name, type: page.mediaType)
                let bytes = FileManager.default.contents(atPath: page.path) ?? Data()
                #expect(MediaType(sniffing: bytes) == page.mediaType)
                if page.mediaType != .pdf {
                    let format = "%w %h %[pixel:p{9,9}] [%[exif:*]%[profile:icc]]"
                    let words = try await Tool.convert.run(["jpeg:\(page.path)", "-format", format, "info:"])
                        .output.split(separator: " ").map(String.init)
                    outcome.width = words.first.flatMap { Int($0) } ?? 0
                    outcome.height = words.dropFirst().first.flatMap { Int($0) } ?? 0
                    outcome.corner = words.dropFirst(2).first ?? ""
                    outcome.profiles = words.dropFirst(3).joined(separator: " ")
                }
                outcomes.append(outcome)
            }
            return outcomes
        }
    }

    /// A picture of 400 × 300 points, red on the left and blue on the right, in a folder of the test.
    private func picture(_ type: String, in folder: WorkFolder, turned: Int = 1) async throws -> Page {
        let path = folder.file("red-blue.\(type)")
        let made = try await Tool.convert.run(
            ["-size", "200x300", "xc:red", "xc:blue", "+append", "-quality", "95", "\(type):\(path)"])
        try #require(made.succeeded, "\(made.complaints)")
        if turned > 1 {
            let told = try await Tool.exiv2.run(["-M", "set Exif.Image.Orientation \(turned)", path])
            try #require(told.succeeded, "\(told.complaints)")
        }
        let mediaType = try #require(MediaType(rawValue: "image/\(type)"))
        return Page(path: path, name: "red-blue.\(type)", mediaType: mediaType)
    }

    private func scratch(_ body: @escaping (WorkFolder) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "converter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(WorkFolder(path: url.path))
    }

    @Test("what the model takes goes as it is")
    func asItIs() async throws {
        let request = try SampleSheets.request("pairs/fiche 1R.jpg", "bad/png_as_jpg.jpg")
        let outcomes = try await convert(request.pages)
        #expect(outcomes.map(\.isSame) == [true, true])
        #expect(outcomes.map(\.type) == [.jpeg, .png])
    }

    @Test("a picture only a little larger than what is useful goes as it is")
    func tolerated() async throws {
        let request = try SampleSheets.request("pairs/fiche 1R.jpg")
        let kept = try await convert(request.pages, AcceptedInput(longestSide: 1000, toleratedSide: 1300))
        #expect(kept.map(\.isSame) == [true])
        let drawn = try await convert(request.pages, AcceptedInput(longestSide: 1000, toleratedSide: 1100))
        #expect(drawn.map { max($0.width, $0.height) } == [1000])
    }

    @Test("a picture larger than what is useful is made smaller")
    func scaledDown() async throws {
        let pages = try SampleSheets.request("pairs/fiche 1R.jpg").pages
        let outcome = try #require(await convert(pages, AcceptedInput(longestSide: 800)).first)
        #expect(!outcome.isSame)
        #expect(outcome.type == .jpeg)
        #expect(max(outcome.width, outcome.height) == 800)
    }

    @Test("a telephone's picture of 108 million points is made smaller")
    func hugePicture() async throws {
        let outcome = try #require(await convert(SampleSheets.request("bad/huge_12000x9000.jpg").pages).first)
        #expect(outcome.size == "3072x2304")
    }

    @Test("a file larger than the model takes is drawn anew")
    func tooManyBytes() async throws {
        let pages = try SampleSheets.request("bad/png_as_jpg.jpg").pages
        let outcome = try #require(await convert(pages, AcceptedInput(largestFile: 20_000)).first)
        #expect(outcome.type == .jpeg)
    }

    @Test(
        "a picture that lies on its side is turned upright, and nothing but the picture is sent",
        arguments: ["jpeg", "png", "webp", "tiff"])
    func turned(type: String) async throws {
        try await scratch { folder in
            // 6: the camera's top is at the right; the left, red side belongs at the top.
            let page = try await picture(type, in: folder, turned: 6)
            let all = AcceptedInput(mediaTypes: [.jpeg, .png, .webp, .tiff])
            let outcome = try #require(await convert([page], all).first)
            #expect(outcome.type == .jpeg)
            #expect(outcome.size == "300x400")
            #expect(outcome.corner.hasPrefix("srgb(25"))
            #expect(outcome.profiles == "[]")
        }
    }

    @Test("a PNG that says in a chunk of its own how it is turned is heeded")
    func turnedPNG() async throws {
        try await scratch { folder in
            let page = try await picture("png", in: folder)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: page.path))
            // An eXIf chunk with orientation 6, its check sum included, behind the header chunk.
            let chunk = try #require(Data(base64Encoded: "AAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2k="))
            bytes.insert(contentsOf: chunk, at: 33)
            try bytes.write(to: URL(fileURLWithPath: page.path))
            let outcome = try #require(await convert([page]).first)
            #expect(outcome.size == "300x400")
        }
    }

    @Test("the seven ways of being turned are all undone", arguments: 2...8)
    func allOrientations(number: Int) async throws {
        try await scratch { folder in
            let page = try await picture("jpeg", in: folder, turned: number)
            let outcome = try #require(await convert([page]).first)
            #expect(outcome.size == (number > 4 ? "300x400" : "400x300"))
            // The stored top left corner is red; with 2, 3, 7 and 8 it lies elsewhere.
            #expect(outcome.corner.hasPrefix([2, 3, 7, 8].contains(number) ? "srgb(0" : "srgb(25"))
        }
    }

    @Test("upright pictures that say so go as they are", arguments: ["jpeg", "png", "webp", "tiff"])
    func upright(type: String) async throws {
        try await scratch { folder in
            let page = try await picture(type, in: folder)
            let all = AcceptedInput(mediaTypes: [.jpeg, .png, .webp, .tiff])
            let outcome = try await PageConverter(all).convert([page]) { pages throws(TranscriptionError) in
                pages.map(\.path)
            }
            #expect(outcome == [page.path])
        }
    }

    @Test("HEIC becomes JPEG, even for a model that takes it")
    func heic() async throws {
        try await scratch { folder in
            let page = try await picture("heic", in: folder)
            let outcome = try #require(await convert([page], AcceptedInput(mediaTypes: [.jpeg, .heic])).first)
            #expect(outcome.type == .jpeg)
            #expect(outcome.size == "400x300")
            #expect(outcome.corner.hasPrefix("srgb(25"))
        }
    }

    @Test("the colours of print become those of a screen")
    func printColours() async throws {
        try await scratch { folder in
            let path = folder.file("print.jpeg")
            _ = try await Tool.convert.run(["-size", "400x300", "xc:white", "-colorspace", "CMYK", "jpeg:\(path)"])
            let outcome = try #require(
                await convert([Page(path: path, name: "print.jpeg", mediaType: .jpeg)]).first)
            #expect(!outcome.isSame)
            #expect(outcome.corner.hasPrefix("srgb(255,255,255)") || outcome.corner.hasPrefix("gray(255"))
        }
    }

    @Test("a TIFF of two pages becomes two pictures")
    func twoPageTIFF() async throws {
        try await scratch { folder in
            let path = folder.file("two.tiff")
            _ = try await Tool.convert.run(
                ["-size", "400x300", "xc:white", "-size", "500x400", "xc:white", "tiff:\(path)"])
            let outcomes = try await convert(
                [Page(path: path, name: "fiche 7.tif", mediaType: .tiff)], AcceptedInput(mediaTypes: [.jpeg, .tiff]))
            #expect(outcomes.map(\.width) == [400, 500])
            #expect(outcomes.map(\.name) == ["fiche 7.tif, page 1", "fiche 7.tif, page 2"])
        }
    }

    @Test("a PDF goes as it is to a model that takes it, and is drawn for one that does not")
    func pdf() async throws {
        let pages = try SampleSheets.request("bad/broken_xref.pdf").pages
        let kept = try await convert(pages, AcceptedInput(mediaTypes: [.jpeg, .pdf]))
        #expect(kept.map(\.isSame) == [true])
        let drawn = try await convert(pages, AcceptedInput(longestSide: 1000))
        #expect(drawn.map(\.type) == [.jpeg, .jpeg])
        #expect(drawn.map { max($0.width, $0.height) } == [1000, 1000])
        let sharp = try await convert(pages, AcceptedInput(longestSide: 9000))
        // 595.2 points wide, at 300 dots an inch.
        #expect(sharp.allSatisfy { (2470...2480).contains($0.width) })
    }

    @Test(
        "damage is found before anybody is paid",
        arguments: [
            ("truncated.jpg", MediaType.jpeg, "cut off"), ("text.jpg", .pdf, "damaged"), ("text.jpg", .heic, "damaged"),
            ("text.jpg", .tiff, "damaged"), ("text.jpg", .webp, "damaged"), ("text.jpg", .png, "damaged"),
        ])
    func damaged(name: String, type: MediaType, word: String) async throws {
        let page = Page(path: SampleSheets.path("bad/" + name), name: name, mediaType: type)
        await #expect {
            try await convert([page], AcceptedInput(mediaTypes: Set(MediaType.allCases)))
        } throws: { error in
            guard case .unreadable(let reason) = error as? TranscriptionError else { return false }
            return reason.contains(word)
        }
    }

    @Test("a JPEG that no tool here makes sense of, or one of a few points, is for the provider to judge")
    func unknown() async throws {
        try await scratch { folder in
            let odd = folder.file("odd.jpg")
            try Data([0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10] + Array("JFIF odd".utf8)).write(
                to: URL(fileURLWithPath: odd))
            let small = folder.file("small.jpg")
            _ = try await Tool.convert.run(["-size", "16x16", "xc:gray", "jpeg:" + small])
            for path in [odd, small] {
                let pages = try await convert([Page(path: path, name: "x", mediaType: .jpeg)])
                #expect(pages.map(\.isSame) == [true])
            }
        }
    }

    @Test("a picture that breaks off is refused, whatever it is", arguments: ["jpeg", "png", "webp", "tiff", "heic"])
    func brokenOff(type: String) async throws {
        try await scratch { folder in
            let path = folder.file("noise.\(type)")
            _ = try await Tool.convert.run(
                ["-size", "400x300", "plasma:red-blue", "-attenuate", "1", "+noise", "Gaussian", "\(type):\(path)"])
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.prefix(bytes.count * 2 / 3).write(to: URL(fileURLWithPath: path))
            let mediaType = try #require(MediaType(rawValue: "image/\(type)"))
            await #expect {
                try await convert(
                    [Page(path: path, name: "x", mediaType: mediaType)],
                    AcceptedInput(mediaTypes: Set(MediaType.allCases)))
            } throws: { error in
                guard case .unreadable = error as? TranscriptionError else { return false }
                return true
            }
        }
    }

    @Test("of two pages the damaged one is named")
    func namesDamagedPage() async throws {
        let request = try SampleSheets.request("pairs/fiche 1R.jpg", "bad/truncated.jpg")
        await #expect(
            throws: TranscriptionError.unreadable(
                reason: "bad/truncated.jpg: the picture is cut off: scan it or upload it again")
        ) {
            try await convert(request.pages)
        }
    }

    @Test(
        "a file's name is never taken for an option, a format or a selection",
        arguments: ["-write.jpg", "txt:x.jpg", "x[3].jpg", "%d.jpg", "@list.jpg", "a b\n;$(id).jpg"])
    func names(name: String) async throws {
        try await scratch { folder in
            let page = try await picture("jpeg", in: folder, turned: 3)
            let path = folder.file(name)
            try FileManager.default.moveItem(atPath: page.path, toPath: path)
            let outcome = try #require(await convert([Page(path: path, name: name, mediaType: .jpeg)]).first)
            #expect(outcome.size == "400x300")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == [name])
        }
    }

    @Test("nothing is left behind, and what the body throws comes through")
    func cleansUp() async throws {
        let pages = try SampleSheets.request("pairs/fiche 1R.jpg").pages
        let converter = PageConverter(AcceptedInput(longestSide: 500))
        let path = try await converter.convert(pages) { ready throws(TranscriptionError) in ready[0].path }
        #expect(!FileManager.default.fileExists(atPath: path))
        await #expect(throws: TranscriptionError.cutOff) {
            try await converter.convert(pages) { _ throws(TranscriptionError) in throw .cutOff }
        }
    }

    @Test("a program that asks for the machine's whole memory gets none of it")
    func memoryIsLimited() async throws {
        let hog = Tool(name: "dd", package: "coreutils", timeLimit: .seconds(60))
        let outcome = try await hog.run(["if=/dev/zero", "of=/dev/null", "bs=8G", "count=1"])
        #expect(!outcome.succeeded)
    }

    @Test("an answer counts even when somebody cleared the folder away while it was waited for")
    func clearedFolder() async throws {
        let pages = try SampleSheets.request("pairs/fiche 1R.jpg").pages
        let answer = try await PageConverter(AcceptedInput(longestSide: 500)).convert(pages) {
            ready throws(TranscriptionError) in
            try? FileManager.default.removeItem(
                at: URL(fileURLWithPath: ready[0].path).deletingLastPathComponent())
            return "paid for"
        }
        #expect(answer == "paid for")
    }
}
