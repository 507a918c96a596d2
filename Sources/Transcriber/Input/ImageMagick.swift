/// The way ImageMagick is called: its limits, and the meaning of its words.
enum ImageMagick {
    /// Its limits, well above what the largest picture that is let through needs.
    static let limits = [
        "-limit", "memory", "512MiB", "-limit", "map", "768MiB", "-limit", "area", "128MP", "-limit", "disk", "1GiB",
        "-limit", "width", "32KP", "-limit", "height", "32KP", "-limit", "thread", "1", "-limit", "time", "80",
    ]

    /// A page of a file as an argument; pages are counted from 0.
    ///
    /// The explicit format keeps ImageMagick from guessing another one, with other powers, from the bytes.
    static func input(_ path: String, _ type: MediaType, page: Int = 0) -> String {
        "\(format(of: type)):\(path)[\(page)]"
    }

    /// All pages of a file as an argument.
    static func allPages(_ path: String, _ type: MediaType) -> String {
        type == .tiff ? "tiff:\(path)" : input(path, type)
    }

    /// The error in its complaints, `nil` when there is none that matters.
    ///
    /// It fills what is missing with gray and calls it a warning; a half sheet must not pass for a whole one. What it
    /// says of profiles and remarks beside the picture does not matter.
    static func error(in complaints: String) -> TranscriptionError? {
        let lines = complaints.lowercased().split(separator: "\n").filter { line in
            !["profile", "iccp", "exif", "metadata", "text chunk", "itxt", "ztxt"].contains { line.contains($0) }
        }
        func says(_ words: [String]) -> Bool { lines.contains { line in words.contains { line.contains($0) } } }
        if says([
            "cache resources exhausted", "exceeds limit", "memory allocation failed", "time limit exceeded",
            "unable to extend cache", "insufficient memory", "out of memory", "security limit", "memory limit",
            "exceeded the maximum", "too much memory", "exceeds user limits", "user limit",
        ]) {
            return Scan.tooLarge
        }
        return says([
            "premature end", "insufficient image data", "unexpected end", "not enough data", "not enough image data",
            "read error on strip", "read past end", "read error at scanline", "too short", "end-of-file",
        ]) ? Scan.incomplete : nil
    }

    private static func format(of type: MediaType) -> String {
        switch type {
        case .jpeg: "jpeg"
        case .png: "png"
        case .tiff: "tiff"
        case .webp: "webp"
        case .heic: "heic"
        case .avif: "avif"
        case .jp2: "jp2"
        case .gif: "gif"
        case .bmp: "bmp"
        case .pdf: "pdf"
        }
    }
}
