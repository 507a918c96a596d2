/// The way ImageMagick is called: its limits, and the meaning of its words.
enum ImageMagick {
    /// Its limits, well above what the largest picture that is let through needs.
    static let limits = [
        "-limit", "memory", "512MiB", "-limit", "map", "768MiB", "-limit", "area", "128MP", "-limit", "disk", "1GiB",
        "-limit", "width", "32KP", "-limit", "height", "32KP", "-limit", "thread", "1", "-limit", "time", "80",
    ]

    /// A file as an argument: of a TIFF all pages, of anything else the first picture.
    ///
    /// The explicit format keeps ImageMagick from guessing another one, with other powers, from the bytes.
    static func input(_ path: String, _ type: MediaType) -> String {
        "\(format(of: type)):\(path)" + (type == .tiff ? "" : "[0]")
    }

    /// It fills what is missing with gray and calls it a warning; a half sheet must not pass for a whole one.
    static func saysCutOff(_ complaints: String) -> Bool {
        let text = complaints.lowercased()
        return [
            "premature end", "insufficient image data", "unexpected end", "not enough data", "not enough image data",
            "read error on strip", "read past end", "read error at scanline", "too short",
        ].contains { text.contains($0) }
    }

    private static func format(of type: MediaType) -> String {
        switch type {
        case .jpeg: "jpeg"
        case .png: "png"
        case .tiff: "tiff"
        case .webp: "webp"
        case .heic: "heic"
        case .pdf: "pdf"
        }
    }
}
