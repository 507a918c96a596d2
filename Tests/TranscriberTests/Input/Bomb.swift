import Foundation

/// Files that ask for more than any machine has, each in its way.
enum Bomb: String, CaseIterable, Sendable {
    case pngWide, pngArea, pngLying, pngManyChunks, pngEndlessLength, pngLongProfile
    case tiffLoop, tiffManyPages, tiffArea, tiffStrips, tiffFarEntries, tiffBig
    case pdfLargePage, pdfTinyPage, pdfManyPages, pdfForms, pdfLoop, pdfPattern, pdfLargePicture, pdfManyObjects
    case webpLarge, webpLying, heicLarge, heicBoxes, avifLying, jp2Large, jp2Tiles, jp2Codestream
    case gifLarge, bmpLarge, jpegLarge, jpegScans, jpegSegments

    var data: Data {
        switch self {
        case .pngWide: Self.png(width: 2_000_000_000, height: 1)
        case .pngArea: Self.png(width: 60_000, height: 60_000)
        case .pngLying: Self.png(width: 8_000, height: 8_000, content: 100)
        case .pngManyChunks:
            Self.png(
                width: 100, height: 100,
                before: (0..<200_000).reduce(into: Data()) { data, _ in data += Self.chunk("tEXt", Data()) })
        case .pngEndlessLength:
            Self.png(width: 100, height: 100).prefix(33) + Data([0xFF, 0xFF, 0xFF, 0xFF]) + Data("IDAT".utf8)
        case .pngLongProfile:
            Self.png(width: 100, height: 100, before: Self.chunk("iCCP", Data("a\0\0".utf8) + Data(count: 1_000_000)))
        case .tiffLoop: Self.tiff([(256, 400), (257, 400)], next: 8)
        case .tiffManyPages: Self.manyDirectories(5_000)
        case .tiffArea: Self.tiff([(256, 0x7FFF_FFFF), (257, 0x7FFF_FFFF)])
        case .tiffStrips:
            Self.tiff([
                (256, 8_000), (257, 8_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1),
                (279, 0x7FFF_FFFF),
            ])
        case .tiffFarEntries: Data([0x49, 0x49, 42, 0, 0xFF, 0xFF, 0xFF, 0x7F]) + Data(count: 100)
        case .tiffBig: Data([0x49, 0x49, 43, 0, 8, 0, 0, 0]) + Data(repeating: 0xFF, count: 200)
        case .pdfLargePage: Self.pdf(media: "0 0 1e26 1e26")
        case .pdfTinyPage: Self.pdf(media: "0 0 0.0001 0.0001")
        case .pdfManyPages:
            SamplePDF.document(
                [
                    "<</Type/Catalog/Pages 2 0 R>>",
                    "<</Type/Pages/Count 1000000/Kids[" + String(repeating: "3 0 R ", count: 100_000) + "]>>",
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
                ])
        case .pdfForms: Self.forms(24)
        case .pdfLoop:
            Self.pdf(
                media: "0 0 595 842", resources: "/XObject<</A 5 0 R>>", content: "/A Do",
                more: [
                    "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</A 5 0 R>>>>/Length 11>>\nstream\n/A Do /A Do\nendstream"
                ])
        case .pdfPattern:
            Self.pdf(
                media: "0 0 595 842", resources: "/Pattern<</P 5 0 R>>",
                content: "/Pattern cs /P scn 0 0 595 842 re f",
                more: [
                    "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<<>>/Length 12>>\nstream\n0 0 1 1 re f\nendstream"
                ])
        case .pdfLargePicture:
            Self.pdf(
                media: "0 0 595 842", resources: "/XObject<</A 5 0 R>>", content: "595 0 0 842 0 0 cm /A Do",
                more: [
                    "<</Type/XObject/Subtype/Image/Width 1000000/Height 1000000/ColorSpace/DeviceRGB/BitsPerComponent 16/Filter/RunLengthDecode/Length 2>>\nstream\n\u{01}a\nendstream"
                ])
        case .pdfManyObjects:
            Self.pdf(media: "0 0 595 842", content: String(repeating: "q 0 0 m 100 100 l S ", count: 200_000))
        case .webpLarge: Self.webp("VP8X", [0x10, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        case .webpLying: Self.webp("VP8L", [0x2F, 0xFF, 0xFF, 0xFF, 0x0F] + Array(repeating: 0x55, count: 500))
        case .heicLarge: Self.heif("heic", width: 0x7FFF_FFFF, height: 0x7FFF_FFFF)
        case .heicBoxes:
            Self.heif("heic", width: 4000, height: 4000)
                + (0..<100_000).reduce(into: Data()) { data, _ in data += Data([0, 0, 0, 8]) + Data("free".utf8) }
        case .avifLying: Self.heif("avif", width: 8000, height: 8000)
        case .jp2Large: Self.jp2(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF)
        case .jp2Tiles: Self.jp2(width: 1000, height: 1000) + Self.codestream(width: 0x7FFF_FFFF, height: 1000, tile: 1)
        case .jp2Codestream: Self.codestream(width: 8000, height: 8000, tile: 1)
        case .gifLarge:
            Data("GIF89a".utf8)
                + Data([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 8, 0, 0x3B])
        case .bmpLarge:
            Data("BM".utf8) + Data(count: 12) + Data([40, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80, 1, 0, 24, 0])
                + Data(count: 24)
        case .jpegLarge: Self.jpeg(0xC0, width: 0xFFFF, height: 0xFFFF) + Data([0, 0xFF, 0xD9])
        case .jpegScans:
            Self.jpeg(0xC2, width: 8000, height: 8000)
                + (0..<50_000).reduce(into: Data()) { data, _ in data += Data([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0]) }
                + Data([0xFF, 0xD9])
        case .jpegSegments:
            Data([0xFF, 0xD8])
                + (0..<300_000).reduce(into: Data()) { data, _ in data += Data([0xFF, 0xE3, 0, 2]) }
                + Data([0xFF, 0xD9])
        }
    }

    private static func big(_ number: Int) -> Data {
        Data((0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }

    private static func little(_ number: Int, _ length: Int) -> Data {
        Data((0..<length).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }

    private static func chunk(_ name: String, _ content: Data) -> Data {
        let body = Data(name.utf8) + content
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return big(content.count) + body + big(Int(sum ^ 0xFFFF_FFFF))
    }

    private static func png(width: Int, height: Int, content: Int = 10, before: Data = Data()) -> Data {
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            + chunk("IHDR", big(width) + big(height) + Data([8, 6, 0, 0, 0])) + before
            + chunk("IDAT", Data([0x78, 0x9C]) + Data(count: content)) + chunk("IEND", Data())
    }

    private static func tiff(_ entries: [(tag: Int, value: Int)], next: Int = 0) -> Data {
        Data([0x49, 0x49, 42, 0, 8, 0, 0, 0]) + directory(entries, next: next)
    }

    private static func directory(_ entries: [(tag: Int, value: Int)], next: Int) -> Data {
        little(entries.count, 2)
            + entries.reduce(into: Data()) {
                $0 += little($1.tag, 2) + little(4, 2) + little(1, 4) + little($1.value, 4)
            }
            + little(next, 4)
    }

    private static func manyDirectories(_ count: Int) -> Data {
        (0..<count).reduce(into: Data([0x49, 0x49, 42, 0, 8, 0, 0, 0])) { data, index in
            data += directory([(256, 400), (257, 400)], next: index == count - 1 ? 0 : data.count + 30)
        }
    }

    private static func pdf(media: String, resources: String = "", content: String = "", more: [String] = []) -> Data {
        SamplePDF.document(
            [
                "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox [\(media)]/Contents 4 0 R/Resources<<\(resources)>>>>",
                "<</Length \(content.utf8.count)>>\nstream\n\(content)\nendstream",
            ] + more)
    }

    /// Each form draws the next one eight times.
    private static func forms(_ depth: Int) -> Data {
        pdf(
            media: "0 0 595 842", resources: "/XObject<</A 5 0 R>>", content: "/A Do",
            more: (0..<depth).map { level in
                let content = String(repeating: "/A Do ", count: 8)
                return "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</A \(level + 6) 0 R>>>>"
                    + "/Length \(content.utf8.count)>>\nstream\n\(content)\nendstream"
            })
    }

    private static func webp(_ name: String, _ content: [UInt8]) -> Data {
        Data("RIFF".utf8) + little(content.count + 12, 4) + Data("WEBP\(name)".utf8) + little(content.count, 4)
            + Data(content)
    }

    private static func box(_ name: String, _ content: Data) -> Data {
        big(content.count + 8) + Data(name.utf8) + content
    }

    private static func heif(_ brand: String, width: Int, height: Int) -> Data {
        let size = box("ispe", Data(count: 4) + big(width) + big(height))
        return box("ftyp", Data(brand.utf8) + Data(count: 4))
            + box("meta", Data(count: 4) + box("iprp", box("ipco", size)))
    }

    private static func jp2(width: Int, height: Int) -> Data {
        box("jP  ", Data([0x0D, 0x0A, 0x87, 0x0A])) + box("ftyp", Data("jp2 ".utf8) + Data(count: 4))
            + box("jp2h", box("ihdr", big(height) + big(width) + Data([0, 3, 7, 7, 0, 0])))
    }

    private static func codestream(width: Int, height: Int, tile: Int) -> Data {
        Data([0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0]) + big(width) + big(height) + big(0) + big(0) + big(tile) + big(tile)
            + big(0) + big(0) + Data([0, 1, 7, 1, 1, 0xFF, 0xD9])
    }

    private static func jpeg(_ frame: UInt8, width: Int, height: Int) -> Data {
        let sizes = [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)]
        return Data([0xFF, 0xD8, 0xFF, frame, 0, 11, 8] + sizes + [1, 1, 0x11, 0])
            + Data([0xFF, 0xC4, 0, 20, 0, 1] + Array(repeating: 0, count: 15) + [0])
            + Data([0xFF, 0xDB, 0, 67, 0] + Array(repeating: 1, count: 64))
            + Data([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0])
    }
}
