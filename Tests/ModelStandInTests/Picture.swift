import Foundation

enum Picture {
    /// Bytes that begin as a JPEG does, different for every number.
    static func jpeg(_ number: UInt8, size: Int = 300) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, number] + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(number)) }
    }
}

/// A file that lasts as long as this object.
final class TemporaryFile: Sendable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.path + "/nids-sync-tests-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
