import Foundation
import GRDB
import Testing

@testable import NidsSync

@Suite("A copy of the state, for a run that writes nothing")
struct StateCopyTests {
    /// Every file of a folder, with its content and times.
    private func snapshot(_ folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            files[name] = try ContentDigest.hex(ofFile: folder + "/" + name) + " \(time)"
        }
        files["."] = try "\(FileManager.default.attributesOfItem(atPath: folder)[.modificationDate] ?? "")"
        return files
    }

    private func expectUntouched(_ folder: String, remembered: String) async throws {
        let before = try snapshot(folder)
        let copy = try StateDatabase(copyOf: folder)
        #expect(try await copy.recall(.installation) == remembered)
        try await copy.remember(.installation, "changed in the copy")
        #expect(try await copy.recall(.installation) == "changed in the copy")
        #expect(try snapshot(folder) == before)
        try copy.database.close()
        #expect(try snapshot(folder) == before)
    }

    @Test("the state of a program that ended well is read, and nothing there is touched")
    func closed() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            try await store.remember(.installation, "here")
            try await store.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            try store.database.close()
            for leftover in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: StateDatabase.file(in: folder) + leftover)
            }
            try await expectUntouched(folder, remembered: "here")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state.sqlite"])
        }
    }

    @Test("the state of a program that runs is read as it is now, and nothing there is touched")
    func running() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            try await store.remember(.installation, "now")
            try await expectUntouched(folder, remembered: "now")
            #expect(try await store.recall(.installation) == "now")
            try store.database.close()
        }
    }

    @Test("what a killed program left is read with its last writes, and nothing there is touched")
    func killed() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder + "/live")
            try await store.remember(.installation, "last")
            try FileManager.default.createDirectory(atPath: folder + "/left", withIntermediateDirectories: true)
            for name in ["state.sqlite", "state.sqlite-wal"] {
                try FileManager.default.copyItem(atPath: "\(folder)/live/\(name)", toPath: "\(folder)/left/\(name)")
            }
            try store.database.close()
            try await expectUntouched(folder + "/left", remembered: "last")
        }
    }

    @Test("a copy taken while the program writes is whole", .timeLimit(.minutes(5)))
    func busy() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            try await store.remember(.installation, "0")
            let writer = Task {
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    try await store.remember(.installation, "\(number)")
                    if number.isMultiple(of: 7) {
                        try await store.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                    }
                }
            }
            var last = 0
            for _ in 0..<5 {
                let copy = try StateDatabase(copyOf: folder)
                let seen = try await copy.recall(.installation).flatMap(Int.init)
                #expect(try #require(seen) >= last)
                last = seen ?? last
                #expect(try await copy.database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
            }
            writer.cancel()
            do { try await writer.value } catch is CancellationError {}
            try store.database.close()
        }
    }

    @Test("without a folder there is an empty state, and no folder is made")
    func noFolder() async throws {
        try await ScratchFolder.use { folder in
            for place in [folder + "/none", folder] {
                let copy = try StateDatabase(copyOf: place)
                #expect(try await copy.recall(.installation) == nil)
                try await copy.remember(.installation, "x")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
