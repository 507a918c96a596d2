import Foundation

/// Reads of a picture, in our own process, what its header says: no program has to be started for that.
enum PictureHeader {
    /// A picture's pages and the state of its file.
    struct Facts: Sendable, Hashable {
        var pages: [Scan.Page]
        /// True when the file ends before the picture does.
        var isCutOff = false
        /// True when the picture's orientation lies in a form that is not read here.
        var hidesOrientation = false
    }

    /// The facts; `nil` where others have to look, because the header is of a rare form, or damaged.
    static func read(_ bytes: Data, _ type: MediaType) -> Facts? {
        let header = HeaderBytes(bytes)
        let facts: Facts? =
            switch type {
            case .jpeg: JPEGHead(bytes)?.facts
            case .png: PNGHead.facts(header)
            case .tiff: TIFFHead.facts(header)
            case .webp: WebPHead.facts(header)
            case .gif: GIFHead.facts(header)
            case .bmp: BMPHead.facts(header)
            case .jp2: BoxedHead.jpeg2000(header)
            case .heic, .avif: BoxedHead.heif(header)
            case .pdf: nil
            }
        guard let facts, !facts.pages.isEmpty, facts.pages.allSatisfy({ $0.width > 0 && $0.height > 0 }) else {
            return nil
        }
        return facts
    }
}
