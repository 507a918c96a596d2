import Crypto
import Foundation
import TestSupport

/// Scans to work on.
enum Scan {
    /// A few bytes that begin like a JPEG, which is all that the stand-in for the model looks at; others for each name.
    static func small(_ name: String) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10] + Array("JFIF \(name)".utf8)
    }

    /// One of the real pictures among the tests' resources.
    static func file(_ name: String) throws -> [UInt8] {
        guard let folder = Bundle.module.resourceURL,
            let data = FileManager.default.contents(atPath: folder.appending(path: "Scans/\(name)").path)
        else { throw TestFailure("no \(name) among the resources") }
        return Array(data)
    }
}

extension Scan {
    /// The digest that results and requests carry.
    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
