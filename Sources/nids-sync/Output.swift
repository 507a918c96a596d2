import Foundation

/// The process's standard output and error, written as they are, at once.
enum Output {
    static func out(_ text: String) { write(text, FileHandle.standardOutput) }
    static func error(_ text: String) { write(text, FileHandle.standardError) }

    private static func write(_ text: String, _ handle: FileHandle) {
        // A reader that went away is no reason to fail.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
