import Foundation

/// A folder of a test's own, removed afterwards.
enum ScratchFolder {
    static func use<Value>(_ body: (String) throws -> Value) throws -> Value {
        let path = try make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    static func use<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let path = try make()
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    private static func make() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/nids-sync-tests-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
