import Foundation
import Synchronization

/// The files of the Files API, on disk in a folder that goes with this object.
final class FileStore: Sendable {
    private struct State {
        var files: [String: StoredFile] = [:]
        var uploads: [String: Upload] = [:]
        var last = 0
    }

    private let state = Mutex(State())
    private let folder: String

    init() {
        folder = FileManager.default.temporaryDirectory.path + "/nids-sync-model-stand-in-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The file of that name (`files/abc`), unless its time is over.
    func file(_ name: String, at now: Date) -> StoredFile? {
        state.withLock { $0.files[name].flatMap { $0.expires > now ? $0 : nil } }
    }

    func all(at now: Date) -> [StoredFile] {
        state.withLock { $0.files.values.filter { $0.expires > now }.sorted { $0.name > $1.name } }
    }

    func delete(_ name: String) -> Bool {
        guard let file = state.withLock({ $0.files.removeValue(forKey: name) }) else { return false }
        try? FileManager.default.removeItem(atPath: file.path)
        return true
    }

    /// A path for a new file.
    func newPath() throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return "\(folder)/\(newID())"
    }

    func newID() -> String {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        let text = String(number)
        return "f" + String(repeating: "0", count: max(0, 8 - text.count)) + text
    }

    func add(_ file: StoredFile) { state.withLock { $0.files[file.name] = file } }

    func begin(_ upload: Upload) -> String {
        let id = newID()
        state.withLock { $0.uploads[id] = upload }
        return id
    }

    func upload(_ id: String) -> Upload? { state.withLock { $0.uploads[id] } }

    func update(_ id: String, _ upload: Upload?) { state.withLock { $0.uploads[id] = upload } }
}
