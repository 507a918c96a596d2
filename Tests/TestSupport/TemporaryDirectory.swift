import Foundation
import Synchronization

/// A folder of a test's own, removed with this object, or at the latest when the test process exits.
public final class TemporaryDirectory: Sendable {
    /// The folder's path, without a slash at the end.
    public let path: String

    private static let leftovers = Mutex<Set<String>>([])
    private static let cleanup: Void = {
        atexit {
            for path in TemporaryDirectory.leftovers.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }()

    /// - Throws: `TestFailure` when no folder can be made.
    public init() throws {
        _ = Self.cleanup
        var template = Array((NSTemporaryDirectory() + "nids-test-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("no temporary folder: errno \(errno)") }
        let path = String(cString: made)
        self.path = path
        Self.leftovers.withLock { _ = $0.insert(path) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        Self.leftovers.withLock { _ = $0.remove(path) }
    }

    /// The path of that name inside.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file inside and returns its path.
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    /// A file's bytes, `nil` when there is none.
    public func read(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: file(name)).map { Array($0) } }
}

/// Why a test could not be set up.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
