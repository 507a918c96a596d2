import Foundation

/// A file that somebody named in the configuration, or the configuration itself.
enum SmallFile {
    enum Problem: Error {
        case unreadable
        case tooLarge
    }

    /// The file's bytes; one without an end, such as a device, is not read to its end.
    static func read(_ path: String, limit: Int) throws(Problem) -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .unreadable }
        defer { try? handle.close() }
        var data = Data()
        do {
            while data.count <= limit, let piece = try handle.read(upToCount: limit + 1 - data.count), !piece.isEmpty {
                data += piece
            }
        } catch {
            throw .unreadable
        }
        guard data.count <= limit else { throw .tooLarge }
        return data
    }
}
