import Foundation

/// What a piece of code prints to standard error; whatever else prints meanwhile is among it.
struct StandardErrorCapture {
    let text: String

    init(_ body: () throws -> Void) throws {
        let path = NSTemporaryDirectory() + "nids-stderr-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        fflush(nil)
        let saved = dup(STDERR_FILENO)
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        dup2(file, STDERR_FILENO)
        defer { close(file) }
        let result = Result { try body() }
        fflush(nil)
        dup2(saved, STDERR_FILENO)
        close(saved)
        try result.get()
        text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
