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

        var longestSide: Double { max(width, height) }
    }

    static let incomplete = TranscriptionError.unreadable(
        reason: "the picture is cut off: scan it or upload it again")
    static let damaged = TranscriptionError.unreadable(
        reason: "the picture is damaged: scan it or upload it again")
}
