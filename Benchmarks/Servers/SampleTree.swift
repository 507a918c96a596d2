import Foundation
import TestSupport

/// Folders full of small files that look like scans, written straight to a server's disk.
struct SampleTree: Sendable {
    var files: Int
    var folders: Int

    /// Where its folders lie below the account's files.
    static let root = "Observations Media"

    /// The name of a file, from 0.
    static func name(_ number: Int) -> String { "Mésange fiche \(100_000 + number).jpg" }

    /// - Parameter folder: the folder on disk that stands for `root`.
    func write(to folder: String, below name: String = "jpeg") throws {
        for index in 0..<folders {
            let path = "\(folder)/\(name)/TRI_ANCIEN/dossier \(1_000 + index)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for number in stride(from: index, to: files, by: folders) {
                try Self.write(Self.scan(number, size: 0), to: "\(path)/\(Self.name(number))")
            }
        }
    }

    /// Bytes that begin like a JPEG; others for each number.
    static func scan(_ number: Int, size: Int) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10] + Array("JFIF \(number)".utf8)
        if bytes.count < size {
            // Pictures do not compress: neither do these.
            var state = UInt64(number) &+ 0x9E37_79B9_7F4A_7C15
            bytes.reserveCapacity(size + 8)
            while bytes.count < size {
                // xorshift64 (Marsaglia, 2003)
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                withUnsafeBytes(of: state) { bytes += $0 }
            }
            bytes.removeLast(bytes.count - size)
        }
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { close(descriptor) }
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TestFailure("cannot write \(path)")
        }
    }
}
