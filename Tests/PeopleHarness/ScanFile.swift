import HarnessSupport

/// A file that people keep in the folder, as they know it.
struct ScanFile: Sendable {
    /// Stays the same over moves; a copy has another.
    var number: Int
    var bytes: [UInt8]
    /// False for one that no model can read.
    var isWhole = true
    /// A person deleted the result of this scan.
    var isResultDeleted = false
    /// What happened to it can be taken in more than one way: its result is not judged.
    var isUnsure = false
    /// Its content is another one than the program can have seen.
    var isReplaced = false
    /// Where its result lay when it was last looked at.
    var result: String?

    var digest: String { SmallPicture.digest(of: bytes) }
}

/// The places of results, as DESIGN.md names them.
enum Places {
    static let results = "transcription_results"
    static let model = "gemini_3_flash"

    static func parent(_ path: String) -> String { path.split(separator: "/").dropLast().joined(separator: "/") }
    static func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    /// True for a path at which a file is a scan to be worked on.
    static func isScan(_ path: String) -> Bool {
        (path.hasPrefix("jpeg/") || path.hasPrefix("pdf/")) && path.hasSuffix(".jpg")
    }

    /// The place of a scan's result.
    static func result(of path: String) -> String {
        let name = name(path)
        let stem = name.hasSuffix(".jpg") ? String(name.dropLast(4)) : name
        return "\(results)/\(parent(path))/\(model)/\(stem)_result.json"
    }

    /// The kind of sheet, of which a model is asked apart.
    static func kind(of path: String) -> String { path.lowercased().contains("ancien") ? "ancien" : "standard" }
}
