import DAV
import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("What the state remembers of preparations and marks")
struct StateVariantTests {
    /// A state of the release before, with four sides in a folder, of which the first two have been read.
    private func upgraded(_ folder: String) throws -> StateDatabase {
        let queue = try DatabaseQueue(path: StateDatabase.file(in: folder))
        try StateSchema.migrator.migrate(queue, upTo: "5: looks")
        try queue.write { db in
            let sheets: [(Int, String)] = [(1, "a-recto"), (2, "a-verso"), (3, "b-PAGE1"), (4, "b-page2"), (5, "c")]
            for (id, name) in sheets {
                try db.execute(
                    sql: """
                        INSERT INTO sheet (id, folder, result_stem) VALUES (?, ?, ?);
                        INSERT INTO scan (sheet_id, path, folder, base, file_id, etag, first_seen, arrived)
                            VALUES (?, ?, ?, ?, ?, 't1', 0, 0);
                        INSERT INTO job (sheet_id, model, stage, prompt_kind) VALUES (?, 'm', 'asking', 'standard');
                        """,
                    arguments: [
                        id, Data("jpeg".utf8), Data(name.utf8), id, Data("jpeg/\(name).jpg".utf8), Data("jpeg".utf8),
                        Data(name.utf8), name, id,
                    ])
            }
            try db.execute(
                sql: """
                    INSERT INTO answer (id, content, model, prompt_kind, prompt_version, provider_model, text, asked_at,
                        received_at) VALUES (1, 'x', 'm', 'standard', 1, 'p', '{}', 0, 0);
                    UPDATE job SET stage = 'done', answer_id = 1 WHERE sheet_id < 3;
                    """)
        }
        try queue.close()
        return try StateDatabase(directory: folder)
    }

    @Test("an upgrade takes marks that came later for scans that nobody has read, and for no others")
    func upgrade() async throws {
        try await ScratchFolder.use { folder in
            let state = try upgraded(folder)
            let scans = ["a-recto", "a-verso", "b-PAGE1", "b-page2", "c"].map { (name: String) in
                FoundScan.sample("jpeg/\(name).jpg", fileID: name)
            }
            try await state.storeScans(scans, of: .sample("jpeg"), at: .sample, models: ["m"])
            let pages = try await state.read { tables in
                try (1...5).compactMap { try tables.jobs.job($0) }.map { $0.pages.map(\.path.description) }
            }
            #expect(
                pages == [
                    ["jpeg/a-recto.jpg"], ["jpeg/a-verso.jpg"], ["jpeg/b-PAGE1.jpg", "jpeg/b-page2.jpg"], [],
                    ["jpeg/c.jpg"],
                ])
            let stages = try await state.stageCounts(JobFilter(models: ["m"]))
            #expect(stages == [.done: 2, .new: 1, .asking: 1])
            try state.database.close()
        }
    }

    @Test("other names of folders regroup what they concern, and nothing else")
    func regrouped() async throws {
        let state = try StateDatabase.inMemory()
        try await state.storeScans(
            [.sample("jpeg/a.jpg"), .sample("jpeg/blur/b.jpg")], of: .root, at: .sample, models: ["m"])
        func unsettled(_ names: [String]) async throws -> [String] {
            try await state.write { tables in
                try tables.variants.regroup(VariantFolders(names))
                let paths = try tables.db.paths("SELECT path FROM scan WHERE arrived = 1 ORDER BY path")
                try tables.db.change("UPDATE scan SET arrived = 0")
                return paths.map(\.description)
            }
        }
        #expect(try await unsettled([]) == [])
        #expect(try await unsettled(["net", "BLUR"]) == ["jpeg/blur/b.jpg"])
        #expect(try await unsettled(["blur", "net"]) == [])
        #expect(try await unsettled([]) == ["jpeg/blur/b.jpg"])
    }
}
