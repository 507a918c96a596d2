import Foundation
import Testing

@testable import NidsSync

@Suite("Observations in SQLite")
struct SQLiteObservationStoreTests {
    @Test("no file is made before there is something to keep, and reading says so")
    func noFile() async throws {
        let path = NSTemporaryDirectory() + "nids-observations-\(UUID()).sqlite"
        let store = SQLiteObservationStore(path: path)
        let error = await #expect(throws: ObservationError.self) { try await store.count() }
        guard case .misconfigured? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a missing folder and a file that is no database are faults of the configuration")
    func badFile() async throws {
        let path = NSTemporaryDirectory() + "nids-observations-\(UUID()).sqlite"
        try Data(repeating: 0x41, count: 4096).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        for bad in [path, "/nonexistent/folder/observations.sqlite"] {
            let error = await #expect(throws: ObservationError.self) {
                try await SQLiteObservationStore(path: bad).prepare()
            }
            guard case .misconfigured(let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains(bad))
        }
    }

    @Test("what was recorded is there for the next start")
    func reopened() async throws {
        let folder = NSTemporaryDirectory() + "nids-observations-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/observations.sqlite"
        let first = SQLiteObservationStore(path: path)
        try await first.prepare()
        try await first.record(.sample())
        let second = SQLiteObservationStore(path: path)
        #expect(try await second.record(.sample()) == .unchanged)
        #expect(try await second.count().sheets == 1)
    }
}
