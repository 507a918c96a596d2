import Foundation

/// A file's lines, one at a time in memory, read on a thread of its own.
actor LineFile {
    /// A longer line is no result.
    private static let longestLine = 64 << 20
    private static let chunk = 1 << 20

    private let handle: FileHandle
    private var rest = Data()
    private var scanned = 0
    private let executor = DiskExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(path: String) throws { handle = try FileHandle(forReadingFrom: URL(filePath: path)) }

    /// The next line that is not blank.
    func next() throws -> Data? {
        while let line = try nextLine() {
            if line.contains(where: { $0 > 0x20 }) { return line }
        }
        return nil
    }

    private func nextLine() throws -> Data? {
        while true {
            if let end = rest[(rest.startIndex + scanned)...].firstIndex(of: 0x0A) {
                let line = rest[..<end]
                rest = rest[(end + 1)...]
                scanned = 0
                return line
            }
            scanned = rest.count
            guard scanned < Self.longestLine, let chunk = try handle.read(upToCount: Self.chunk), !chunk.isEmpty else {
                defer {
                    rest = Data()
                    scanned = 0
                }
                return rest.isEmpty ? nil : rest
            }
            if rest.startIndex > 0 { rest = Data(rest) }
            rest.append(chunk)
        }
    }
}
