import Foundation

/// Everything in a folder, with its bytes; empty where there is no folder.
struct FolderSnapshot: Equatable {
    private(set) var entries: [String: [UInt8]?] = [:]

    init(_ path: String) {
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
            entries[name] = .some(FileManager.default.contents(atPath: path + "/" + name).map { Array($0) })
        }
        if FileManager.default.fileExists(atPath: path) { entries["."] = .some(nil) }
    }

    /// The names of what is there in one of them alone, or is not the same in both.
    func differences(from other: FolderSnapshot) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
    }
}
