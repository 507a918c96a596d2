import DAV
import Foundation
import Transcriber

/// The names of our own files below `transcription_results/`.
enum ResultNames {
    /// The collection of everything that is ours.
    static let folderName = "transcription_results"
    static let folder = RemotePath(folderName) ?? .root

    /// Servers and file systems take 255 bytes; Nextcloud's own markers need a few.
    static let longestName = 250

    /// The names that a scan's results may be called after, best first: its stem, its whole name.
    ///
    /// Names that we create are NFC, whatever the scan's name is.
    static func stems(for path: RemotePath) -> [[UInt8]] {
        let name = path.name
        return [PageName.composed(PageName.stem(of: name)), PageName.composed(name)]
    }

    /// The names that a scan's results may be called after where others have taken these: its whole name and a digest
    /// of its bytes, and then a number.
    ///
    /// Names made for the purpose can take all that a scan may have; the folder's other scans are not to suffer for it.
    static func furtherStem(_ number: Int, for path: RemotePath) -> [UInt8] {
        let mark = "~\(shortDigest(path.name))"
        return PageName.composed(path.name) + Array((number == 0 ? mark : "\(mark)~\(number + 1)").utf8)
    }

    /// The place of a sheet's result for one model.
    static func result(folder scanFolder: RemotePath, model: String, stem: [UInt8]) -> RemotePath? {
        file(folder: scanFolder, model: model, stem: stem, suffix: "_result.json")
    }

    /// The place of a model's uncorrected answer.
    static func raw(folder scanFolder: RemotePath, model: String, stem: [UInt8]) -> RemotePath? {
        file(folder: scanFolder, model: model, stem: stem, suffix: "_raw.json")
    }

    private static func file(folder scanFolder: RemotePath, model: String, stem: [UInt8], suffix: String) -> RemotePath?
    {
        folder.appending(scanFolder).appending(model.utf8)?.appending(shortened(stem, suffix: suffix))
    }

    /// A stem too long for its suffix is cut at a character and given 8 digits of its digest.
    static func shortened(_ stem: [UInt8], suffix: String) -> [UInt8] {
        let room = longestName - suffix.utf8.count
        guard stem.count > room else { return stem + Array(suffix.utf8) }
        let mark = "~" + shortDigest(stem)
        var text = String(decoding: stem, as: UTF8.self)
        while text.utf8.count > room - mark.utf8.count { text.removeLast() }
        return Array((text + mark + suffix).utf8)
    }

    private static func shortDigest(_ bytes: some Sequence<UInt8>) -> String {
        String(ContentDigest.hex(of: Array(bytes)).prefix(8))
    }
}

/// Which prompt a scan is read with.
enum PromptKindRule {
    static func kind(of path: RemotePath) -> PromptKind { PromptKind(path: path.description) }
}
