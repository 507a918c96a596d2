import Foundation

/// The lines of a file, one at a time in memory.
struct LineReader {
    private let handle: FileHandle
    private var rest: [UInt8] = []
    private var scanned = 0

    init(path: String) throws { handle = try FileHandle(forReadingFrom: URL(filePath: path)) }

    mutating func next() throws -> [UInt8]? {
        while true {
            if let end = rest[scanned...].firstIndex(of: 0x0A) {
                let line = Array(rest[..<end])
                rest.removeFirst(end + 1)
                scanned = 0
                return line
            }
            scanned = rest.count
            guard let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty else {
                defer {
                    rest = []
                    scanned = 0
                }
                return rest.isEmpty ? nil : rest
            }
            rest += chunk
        }
    }
}
