import Foundation
import Testing

@testable import NidsSync

@Suite("A store that prepares its tables when they are needed")
struct PreparedObservationStoreTests {
    private func withStore(_ body: (SQLiteObservationStore) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "nids-prepared-\(UUID()).sqlite"
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        try await body(SQLiteObservationStore(path: path))
    }

    @Test("does so once, before the first of what it is asked for")
    func once() async throws {
        try await withStore { (store) async throws in
            let prepared = PreparedObservationStore(store, primary: "gemini_3_flash")
            #expect(try await prepared.record(.sample("1.jpg")) == .inserted)
            #expect(try await prepared.record(.sample("2.jpg")) == .inserted)
            #expect(try await prepared.count().readings == 2)
            #expect(try await store.current().count == 2, "the primary's readings are those that people see")
        }
    }

    @Test("does so before anything else that it is asked for, too")
    func anyWork() async throws {
        let sheet = ObservationReading.sample().sheet
        let works: [@Sendable (PreparedObservationStore) async throws -> Void] = [
            { try await $0.withdraw(sheet, model: nil, reason: "gone") }, { try await $0.reinstate(sheet, model: nil) },
            { try await $0.move(from: sheet, to: sheet) }, { try await $0.setPrimary(model: "m") },
            { try await $0.setResultPath("r.json", of: sheet, model: "m") },
            { _ = try await $0.count() }, { try await $0.forEachCurrent(.fiches) { _ in } },
        ]
        for work in works {
            try await withStore { try await work(PreparedObservationStore($0, primary: nil)) }
        }
    }
}
