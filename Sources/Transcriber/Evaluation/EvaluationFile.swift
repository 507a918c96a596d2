import Foundation

/// A file below a folder, told apart by its stem and by the folders it lies in.
struct EvaluationFile: Sendable, Hashable {
    /// The whole path.
    let path: String
    /// The path below the folder that was searched, for people.
    let name: String
    /// The folders on the way to it, without those that say what it is (`transcription_results`, a model, `truth`).
    var folders: [String]
    /// The name without what says what it is, in NFC: file systems keep both forms of "é".
    var stem: String

    /// The files below a folder, without hidden ones, in the order of their names.
    static func all(below folder: String) throws(EvaluationError) -> [(path: String, components: [String])] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
            let enumerator = FileManager.default.enumerator(atPath: folder)
        else { throw .notAFolder(folder) }
        var files: [(path: String, components: [String])] = []
        while let name = enumerator.nextObject() as? String {
            let components = name.split(separator: "/").map(String.init)
            if components.contains(where: { $0.hasPrefix(".") }) { continue }
            files.append((folder + "/" + name, components))
        }
        return files.sorted { $0.components.lexicographicallyPrecedes($1.components) }
    }

    /// The number of folders that two files share, counted from the file upwards.
    func nearness(to other: EvaluationFile) -> Int {
        zip(folders.reversed(), other.folders.reversed()).prefix { $0 == $1 }.count
    }

    /// Of several files of one stem the one in the most similar place; `nil` when two are equally near.
    func nearest(of candidates: [EvaluationFile]) -> EvaluationFile? {
        let best = candidates.map(nearness).max()
        let nearest = candidates.filter { nearness(to: $0) == best }
        return nearest.count == 1 ? nearest.first : nil
    }
}

extension String {
    var composed: String { precomposedStringWithCanonicalMapping }

    /// Without an ending, when it has it.
    func without(suffix: String) -> String? { hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil }
}
