import Foundation

@testable import Transcriber

/// Scans, and the words of our tools about them.
enum ScanTargets {
    static func headers(_ bytes: [UInt8]) {
        let data = Data(bytes)
        _ = MediaType(sniffing: bytes)
        for type in MediaType.allCases {
            guard let facts = PictureHeader.read(data, type) else { continue }
            for page in facts.pages { precondition(page.paper.width.isFinite && page.paper.height.isFinite) }
        }
        if let mended = JPEGEnding.mended(data) { precondition(JPEGEnding.mended(mended) == nil) }
        _ = JPEGCheck.scans(in: data)
        _ = EntropyCheck.passes(data)
    }

    static func toolOutput(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for (_, words) in TesseractTSV.words(in: text) {
            for word in words { precondition(word.rect.width >= 0 && word.rect.height >= 0) }
        }
        _ = PDFInfo.pageCount(in: text)
        _ = PDFInfo.pageSizes(in: text)
        _ = PDFInfo.boxes("CropBox", in: text)
        _ = PDFInfo.pictures(in: text).map(\.drawnSide)
        _ = ImageMagick.error(in: text)
        _ = MachineFault.error(in: text, of: "tool")
        if let picture = GrayImage(pgm: bytes) { precondition(picture.pixels.count == picture.width * picture.height) }
    }
}
