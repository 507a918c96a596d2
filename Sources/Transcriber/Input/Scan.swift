/// A scanned file, and what a first look at it shows.
struct Scan: Sendable, Hashable {
    /// The file, under a name of ours in the work folder.
    let path: String
    let mediaType: MediaType
    /// One, or several of a PDF or TIFF with several pages.
    let pages: [Page]

    /// A page before it is turned upright.
    struct Page: Sendable, Hashable {
        /// Pixels; of a PDF points, 72 an inch.
        var width: Double
        var height: Double
        var orientation = Orientation.topLeft
        /// True when its colours are those of print, which readers of pictures get wrong.
        var isCMYK = false
        /// The height of a point where its width is 1; not 1 on faxes and some scanners' pictures.
        var pointShape = 1.0
        /// True when points are transparent, or there are several pictures: only drawn on white it is what is meant.
        var needsFlattening = false
        /// Its place in the file, from 0: smaller versions of a page may stand between pages.
        var index = 0
        /// True of a PDF's page that readers show in part, or whose measures are not those of the sheet in it.
        var isOdd = false

        var longestSide: Double { max(width, height) }

        /// Its size in square points, before it is turned upright: none of them is lost.
        var paper: (width: Double, height: Double) {
            pointShape > 1 ? (width, height * pointShape) : (width / pointShape, height)
        }

        /// True when it is what a reader shows, as it stands in the file.
        var isPlain: Bool {
            orientation == .topLeft && !isCMYK && !needsFlattening && !isOdd && pointShape == 1
        }
    }

    static let incomplete = TranscriptionError.unreadable(
        reason: "the picture is cut off: scan it or upload it again")
    static let tooLarge = TranscriptionError.unreadable(
        reason: "the picture is too large for this machine: scan it at 300 dpi")
    static let damaged = TranscriptionError.unreadable(
        reason: "the picture is damaged: scan it or upload it again")
}
