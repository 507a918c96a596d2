import DAV
import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("The state folder")
struct StateDatabaseTests {
    @Test("the folder is made, for this user alone, and what was remembered is there the next time")
    func reopened() async throws {
        try await ScratchFolder.use { folder in
            let state = folder + "/deep/state"
            let store = try StateDatabase(directory: state)
            #expect(try FileManager.default.attributesOfItem(atPath: state)[.posixPermissions] as? Int == 0o700)
            #expect(try await store.recall(.installation) == nil)
            try await store.remember(.installation, "a")
            try await store.remember(.installation, "b")
            try store.database.close()

            let again = try StateDatabase(directory: state)
            #expect(try await again.recall(.installation) == "b")
            try await again.forget(.installation)
            #expect(try await again.recall(.installation) == nil)
        }
    }

    @Test("an answer is synced to the disk before it counts as stored")
    func durable() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            let synchronous = try await store.database.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(synchronous == 2)
        }
    }

    @Test(
        "a folder that cannot be made or written is unwritable, with the reason and what to do",
        arguments: ["file", "proc"])
    func unwritable(kind: String) throws {
        try ScratchFolder.use { folder in
            try Data().write(to: URL(filePath: folder + "/file"))
            let place = kind == "file" ? folder + "/file" : "/proc/nids-sync"
            for place in [place, place + "/below"] {
                let error = try #require(throws: StateError.self) { try StateDatabase(directory: place) }
                guard case .unwritable(place, let reason) = error else {
                    Issue.record("unexpected \(error)")
                    return
                }
                #expect(!reason.isEmpty)
                #expect(error.description.contains("state.directory"))
            }
        }
    }

    @Test(
        "a folder that cannot take the database's files is unwritable, not damaged",
        arguments: ["state.sqlite", "state.sqlite-wal"])
    func fileInTheWay(name: String) throws {
        try ScratchFolder.use { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)/x", withIntermediateDirectories: true)
            let error = try #require(throws: StateError.self) { try StateDatabase(directory: folder) }
            guard case .unwritable(folder, _) = error else {
                Issue.record("unexpected \(error)")
                return
            }
        }
    }

    @Test("a damaged database is told to be one, with what to do", arguments: ["garbage", "cut"])
    func damaged(kind: String) throws {
        try ScratchFolder.use { folder in
            let path = StateDatabase.file(in: folder)
            if kind == "garbage" {
                try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
            } else {
                let store = try StateDatabase(directory: folder)
                try store.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try store.database.close()
                for leftover in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + leftover) }
                let whole = try Data(contentsOf: URL(filePath: path))
                #expect(whole.count > 8192)
                try whole.prefix(5000).write(to: URL(filePath: path))
            }
            for open in [{ try StateDatabase(directory: folder) }, { try StateDatabase(copyOf: folder) }] {
                let error = try #require(throws: StateError.self) { try open() }
                guard case .unreadable(folder, let reason) = error else {
                    Issue.record("unexpected \(error)")
                    continue
                }
                #expect(!reason.isEmpty)
                #expect(error.description.contains("Deleting the folder is safe"))
            }
        }
    }

    @Test("the state of a newer release is refused as it is, and left alone")
    func newer() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            try await store.database.write { db in
                try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: of the future')")
            }
            try store.database.close()
            for open in [{ try StateDatabase(directory: folder) }, { try StateDatabase(copyOf: folder) }] {
                let error = try #require(throws: StateError.self) { try open() }
                guard case .unreadable(folder, let reason) = error else {
                    Issue.record("unexpected \(error)")
                    continue
                }
                #expect(reason.contains("newer release"))
            }
        }
    }

    @Test("forgetting the root keeps the installation and the answers that were paid for")
    func forgetRoot() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            for key in [MemoryTable.Key.server, .rootURL, .claim, .fullCheck, .installation, .settings] {
                try await store.remember(key, "x")
            }
            try await store.storeScans([.sample("jpeg/a.jpg")], of: .sample("jpeg"), at: .sample, models: ["m"])
            try await store.storeCollection(.sample("jpeg"), etag: ETag("e"), fileID: "1")
            _ = try await store.storeResults([.sample("transcription_results/a")], of: ResultNames.folder)
            let key = AnswerKey(content: "c", model: "m", promptKind: .standard)
            let answer = try await store.storeSampleAnswer(key)
            let job = try #require(try await store.job(1))
            try await store.link(job, content: "c", answer: answer.id)
            try await store.store(
                Publication(path: .sample("transcription_results/a"), jobID: 1, state: .published, etag: nil))

            try await store.write { try $0.forgetRoot() }
            for key in [MemoryTable.Key.server, .rootURL, .claim, .fullCheck] {
                #expect(try await store.recall(key) == nil)
            }
            for key in [MemoryTable.Key.installation, .settings] { #expect(try await store.recall(key) == "x") }
            #expect(try await store.answer(key)?.id == answer.id)
            #expect(try await store.job(1) == nil)
            #expect(try await store.collectionETag(.sample("jpeg")) == nil)
            #expect(try await store.resultExists(.sample("transcription_results/a")) == false)
            #expect(try await store.publication(.sample("transcription_results/a")) == nil)
        }
    }
}
