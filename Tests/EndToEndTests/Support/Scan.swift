import Crypto
import Foundation
import TestSupport

/// Scans to work on.
enum Scan {
    /// A real picture of a few bytes, 16 x 16 points from white to black; another file for each name.
    static func small(_ name: String) -> [UInt8] {
        let words = Array(name.utf8.prefix(1000))
        let length = words.count + 2
        let comment = [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)] + words
        return gradient.prefix(2) + comment + gradient.dropFirst(2)
    }

    private static let gradient = Array(
        Data(
            base64Encoded:
                "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4"
                + "UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAQABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAYH/8QAFhAAAwAAAAAAAAAA"
                + "AAAAAAAAABVi/9oACAEBAAA/AKJ1QdUZ26oOqP/Z") ?? Data())

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
