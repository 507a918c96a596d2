import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

/// A state folder as the first release left it, in the middle of its work: two models, eleven sheets, and jobs that are
/// delivered, have failed, wait for a retry, for a batch, for an upload, for their other side, or are withdrawn.
@Suite("A state of the release before")
struct StoredStateTests {
    static func restore(to folder: String) throws {
        let stored = try #require(
            Bundle.module.url(forResource: "release-1", withExtension: "sqlite", subdirectory: "Stored"))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: stored.path, toPath: StateDatabase.file(in: folder))
    }

    @Test("opens with every job at its stage, and what it knew of results, batches and pauses")
    func opens() async throws {
        try await ScratchFolder.use { folder in
            try Self.restore(to: folder + "/state")
            let state = try StateDatabase(directory: folder + "/state")
            #expect(
                try await state.stageCounts(JobFilter(models: ["modele_a", "modele_b"])) == [
                    .done: 12, .failed: 2, .batched: 1, .asking: 3, .answered: 2,
                ])
            #expect(try await state.job(9)?.stage == .withdrawn)
            #expect(try await state.job(13)?.isRecorded == true)
            #expect(try await state.publications(of: 13).map(\.state) == [.theirs])
            #expect(try await state.publications(of: 15).map(\.state) == [.deleted])
            #expect(try await state.openBatches().map(\.awaited) == [1])
            #expect(try await state.pauses().map(\.model) == ["modele_b"])
            #expect(try await state.read { try $0.rememberedSettings()?.models } == ["modele_a", "modele_b"])
            try state.database.close()
        }
    }

    @Test("a word that no release knows is an error that names it, not a guess")
    func unknownWord() async throws {
        let state = try StateDatabase.inMemory()
        try await state.storeScans([.sample("jpeg/1.jpg")], of: .sample("jpeg"), at: .sample, models: ["m"])
        try await state.database.write { db in
            #expect(throws: DatabaseError.self) { try db.execute(sql: "UPDATE job SET stage = 'lost'") }
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON; UPDATE job SET stage = 'lost'")
        }
        let error = await #expect(throws: StateError.self) { _ = try await state.job(1) }
        #expect(error?.description.contains("lost") == true)
        #expect(error?.description.contains("stage") == true)
    }

    @Test("works off what it held: nothing that was answered is asked again")
    func worksOff() async throws {
        try await PassBench.with { bench in
            try Self.restore(to: bench.stateDirectory)
            let state = try StateDatabase(directory: bench.stateDirectory)
            // Another server on this machine, with the same scans; its file ids and ETags are its own.
            try await state.write { tables in
                let settings = RememberedSettings(
                    try bench.settings(["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"]))
                let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
                try tables.memory.remember(.settings, text)
                for key in [MemoryTable.Key.server, .rootURL, .claim] { try tables.memory.forget(key) }
            }
            try state.database.close()
            for name in ["a", "b", "c", "d", "g", "h", "i"] { try bench.putScan("jpeg/\(name).jpg", "sheet \(name)") }
            try bench.putScan("jpeg/TRI_ANCIEN/a.jpg", "old a")
            try bench.putScan("jpeg/é.jpg", "accent")
            try bench.putScan("jpeg/f_recto.jpg", "recto f")
            bench.advance(.seconds(20_000))
            let summary = try await bench.pass(
                settings: ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"], isPaid: true)
            #expect(summary.failures.isEmpty)
            // The refused one was asked about once by each model, and a refusal may be by chance; the lost one is asked
            // again by the model that has not been billed thrice; what the batch is to bring is not asked at all.
            #expect(bench.engine.calls == ["sheet b": 2, "sheet c": 1, "recto f": 2])
            #expect(try bench.result("jpeg/d.jpg") != nil, "what had still to be uploaded is there now")
        }
    }
}
