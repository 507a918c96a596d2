import Foundation
import Testing

@testable import Transcriber

/// One sheet in many files, each odd in its way; these run the real programs.
@Suite("Odd pictures of one sheet", .serialized, .timeLimit(.minutes(10)))
struct OddPictureTests {
    private static let sheet = SampleSheets.path("typed/fiche 29FINAL.jpg")

    enum Oddity: String, CaseIterable {
        case fax, twiceAcross, twiceDownPNG, twiceAcrossJPEG, twiceAcrossBMP, cropped, tinyPage, transparent
        case transparentWebP, thumbnail, pyramid, unmarkedPyramid, brokenProfile, noEnd, oneByteShort, mpo, bmp, jp2,
            avif
        case gif, bigEndian
        // As in public reports: OCRmyPDF 137, 556 and 732, paperless-ngx 4636, djpdf 13, leptonica 528, imageio 1159,
        // Pillow 5164.
        // Pillow 630, 3989 and 7007, pdf.js 5954.
        case strayByte, fiveChannels, pngNoEnd, pngHalfAnEnd, stamp, upsideDown
        case faxGroup3, group4, tiled, oneDotAnInch, print, palette, deep, wrongOrientation, progressiveNoEnd

        var type: MediaType {
            switch self {
            case .strayByte: .jpeg
            case .pngNoEnd, .pngHalfAnEnd: .png
            case .stamp, .upsideDown: .pdf
            case .fiveChannels, .fax, .twiceAcross, .thumbnail, .pyramid, .unmarkedPyramid, .bigEndian, .faxGroup3,
                .group4, .tiled,
                .print:
                .tiff
            case .twiceDownPNG, .transparent, .brokenProfile, .oneDotAnInch, .palette, .deep: .png
            case .twiceAcrossJPEG, .noEnd, .oneByteShort, .mpo, .wrongOrientation, .progressiveNoEnd: .jpeg
            case .twiceAcrossBMP, .bmp: .bmp
            case .cropped, .tinyPage: .pdf
            case .transparentWebP: .webp
            case .jp2: .jp2
            case .avif: .avif
            case .gif: .gif
            }
        }

        /// What ImageMagick makes of the sheet, where it makes it.
        fileprivate var options: [String]? {
            switch self {
            case .fax:
                ["-resize", "1728x1111!", "-density", "204x98", "-units", "PixelsPerInch", "-compress", "lzw"]
            case .twiceAcross:
                ["-resize", "200%x100%", "-density", "300x150", "-units", "PixelsPerInch", "-compress", "lzw"]
            case .twiceDownPNG: ["-resize", "100%x200%", "-density", "150x300", "-units", "PixelsPerInch"]
            case .twiceAcrossJPEG, .twiceAcrossBMP:
                ["-strip", "-resize", "200%x100%", "-density", "300x150", "-units", "PixelsPerInch", "-quality", "90"]
            case .transparent:
                [
                    "(", "+clone", "-colorspace", "Gray", "-negate", ")", "-alpha", "off", "-compose",
                    "CopyOpacity", "-composite", "-fill", "black", "-colorize", "100",
                ]
            case .transparentWebP:
                [
                    "(", "+clone", "-colorspace", "Gray", "-negate", ")", "-alpha", "off", "-compose",
                    "CopyOpacity", "-composite", "-fill", "black", "-colorize", "100", "-define", "webp:lossless=true",
                ]
            case .thumbnail: ["(", "+clone", "-resize", "160x160", ")"]
            case .unmarkedPyramid:
                [
                    "(", "-clone", "0", "-resize", "620x830!", ")", "(", "-clone", "0", "-resize",
                    "310x415!", ")", "-compress", "lzw",
                ]
            case .bmp, .jp2, .gif: []
            case .fiveChannels: ["-colorspace", "CMYK", "-alpha", "set", "-compress", "zip"]
            case .avif: ["-quality", "80"]
            case .bigEndian: ["-define", "tiff:endian=msb", "-compress", "zip"]
            case .pyramid, .brokenProfile, .noEnd, .oneByteShort, .mpo, .cropped, .tinyPage, .wrongOrientation,
                .progressiveNoEnd, .strayByte, .pngNoEnd, .pngHalfAnEnd, .stamp, .upsideDown:
                nil
            case .faxGroup3: ["-threshold", "60%", "-compress", "Fax"]
            case .group4: ["-threshold", "60%", "-compress", "Group4"]
            case .tiled: ["-define", "tiff:tile-geometry=256x256", "-compress", "jpeg"]
            case .oneDotAnInch: ["-density", "1x1", "-units", "PixelsPerInch"]
            case .print: ["-colorspace", "CMYK", "-compress", "lzw"]
            case .palette: ["-colors", "16", "-transparent", "white"]
            case .deep: ["-depth", "16"]
            }
        }
    }

    private static func file(_ oddity: Oddity, in folder: WorkFolder) async throws -> TranscriptionRequest.Page {
        let jpeg = try Data(contentsOf: URL(fileURLWithPath: sheet))
        let path = folder.file("odd.\(oddity)")
        func convert(_ options: [String], _ format: String, to path: String = path) async throws {
            let made = try await Tool.convert.run(["jpeg:\(sheet)"] + options + ["\(format):\(path)"])
            try #require(made.succeeded, "\(made.complaints)")
        }
        func write(_ data: Data) throws { try data.write(to: URL(fileURLWithPath: path)) }
        switch oddity {
        case .pyramid: try await convert(["-compress", "lzw"], "ptif")
        case .wrongOrientation:
            try write(jpeg)
            let told = try await Tool.exiv2.run(["-M", "set Exif.Image.Orientation 9", path])
            try #require(told.succeeded, "\(told.complaints)")
        case .progressiveNoEnd:
            try await convert(["-interlace", "JPEG"], "jpeg")
            try write(try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(2))
        case .noEnd: try write(jpeg.dropLast(2))
        case .strayByte:
            let tables = try #require(jpeg.range(of: Data([0xFF, 0xDB])))
            try write(jpeg.prefix(tables.lowerBound) + [0] + jpeg.dropFirst(tables.lowerBound))
        case .pngNoEnd, .pngHalfAnEnd:
            try await convert([], "png")
            try write(
                try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(oddity == .pngNoEnd ? 12 : 5))
        case .stamp:
            try write(
                SamplePDF.page(
                    jpeg: jpeg, width: 1240, height: 1660, media: "0 0 2384 3370", picture: (0, 2573, 595, 797)))
        case .upsideDown:
            try write(
                SamplePDF.page(
                    jpeg: jpeg, width: 1240, height: 1660, media: "0 0 595 797", picture: (595, 797, -595, -797),
                    turned: 180))
        case .oneByteShort: try write(jpeg.dropLast(1))
        case .mpo: try write(jpeg + jpeg)
        case .brokenProfile:
            try await convert(["-strip"], "png")
            let png = try Data(contentsOf: URL(fileURLWithPath: path))
            let chunk = Data([0, 0, 0, 21]) + Data("iCCPICC Profile\0\0no zlib.".utf8) + Data([0, 0, 0, 0, 0])
            try write(png.prefix(33) + chunk.prefix(8 + 21) + Data(count: 4) + png.dropFirst(33))
        case .cropped:
            try write(
                SamplePDF.page(
                    jpeg: jpeg, width: 1240, height: 1660, media: "0 0 3000 3000", crop: "100 200 695 997",
                    picture: (100, 200, 595, 797)))
        case .tinyPage:
            try write(
                SamplePDF.page(
                    jpeg: jpeg, width: 1240, height: 1660, media: "0 0 72 96", picture: (0, 0, 72, 96)))
        default:
            let format = oddity.type.rawValue.split(separator: "/").last.map(String.init) ?? ""
            try await convert(oddity.options ?? [], format)
        }
        if oddity == .thumbnail {
            // NewSubfileType of the second picture: a reduced one, in place of a page.
            var tiff = try Data(contentsOf: URL(fileURLWithPath: path))
            let mark = try #require(tiff.range(of: Data([0xFE, 0, 4, 0, 1, 0, 0, 0]), options: .backwards))
            tiff[mark.upperBound] = 1
            try write(tiff)
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let type = try #require(MediaType(sniffing: bytes))
        #expect(type == oddity.type)
        return TranscriptionRequest.Page(path: path, name: "odd", mediaType: type)
    }

    private func scratch(_ body: @escaping (WorkFolder) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "odd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(WorkFolder(path: url.path))
    }

    /// A PDF that readers show upright goes as it is.
    private static let drawn = Oddity.allCases.filter { $0 != .upsideDown }

    @Test("a chat model is shown one page, upright, in its shape on paper, on white", arguments: drawn)
    func shown(oddity: Oddity) async throws {
        try await scratch { folder in
            let page = try await Self.file(oddity, in: folder)
            let accepted = AcceptedInput(mediaTypes: [.jpeg, .png, .webp, .pdf], longestSide: 2048)
            let words = try await PageConverter(accepted).convert([page]) { ready throws(TranscriptionError) in
                var words: [String] = []
                for page in ready {
                    let format = "%w %h %[fx:mean] %[opaque]\n"
                    let kind = page.mediaType == .jpeg ? "jpeg" : "png"
                    words.append(
                        try await Tool.convert.run(["\(kind):\(page.path)[0]", "-format", format, "info:"]).output)
                }
                return words
            }
            #expect(words.count == 1, "\(words)")
            let numbers = words.first?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } ?? []
            try #require(numbers.count >= 3)
            #expect(abs(numbers[1] / numbers[0] - 1660.0 / 1240) < 0.02, "\(numbers)")
            #expect(numbers[1] >= 1080 && numbers[1] <= 3320)
            #expect(numbers[2] > 0.7, "writing on white")
            #expect(words.first?.lowercased().contains("true") == true, "nothing transparent")
        }
    }

    @Test("the local engine reads nearly all of each that it reads of the plain one")
    func read() async throws {
        let truth = try SampleSheets.truth("typed/fiche 29FINAL.truth.json")
        func right(_ page: TranscriptionRequest.Page) async throws -> Int {
            let answer = try await TesseractEngine().transcribe(
                TranscriptionRequest(pages: [page], promptKind: .standard))
            return FicheScore.compare(read: try JSONValue(parsing: answer.text), truth: truth).right
        }
        let plain = try await right(TranscriptionRequest.Page(path: Self.sheet, name: "plain", mediaType: .jpeg))
        for oddity: Oddity in [
            .twiceAcross, .thumbnail, .tinyPage, .cropped, .transparent, .noEnd, .bmp, .twiceDownPNG, .fiveChannels,
            .stamp, .pngNoEnd, .upsideDown,
        ] {
            try await scratch { folder in
                let found = try await right(Self.file(oddity, in: folder))
                #expect(Double(found) >= 0.95 * Double(plain), "\(oddity): \(found) of \(plain)")
            }
        }
    }
}
