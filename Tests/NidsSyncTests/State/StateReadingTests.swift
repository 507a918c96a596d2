import Foundation
import GRDB
import Testing

@testable import NidsSync

@Suite("Reading a state that nobody may change")
struct StateReadingTests {
    /// What lies in a folder: names, sizes, and when each file was written.
    private func contents(_ folder: String) throws -> [String: [String]] {
        var contents: [String: [String]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let bytes = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            contents[name] = ["\(attributes[.modificationDate] ?? "")", bytes.base64EncodedString()]
        }
        return contents
    }

    private func look(_ folder: String, isHeld: Bool) async throws -> String? {
        try await StateDatabase.reading(folder, isHeld: isHeld) { try $0.memory.recall(.look) }
    }

    /// A state as a process that was killed leaves it, with some of the files beside the database.
    private func leave(_ suffixes: [String], in folder: String) async throws {
        try await ScratchFolder.use { living in
            let state = try StateDatabase(directory: living)
            try await state.remember(.look, "42")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for suffix in [""] + suffixes {
                try FileManager.default.copyItem(
                    atPath: living + "/state.sqlite" + suffix, toPath: folder + "/state.sqlite" + suffix)
            }
        }
    }

    @Test(
        "a state that a killed process left is read with all that its log holds, and stays as it is",
        arguments: [["-wal"], ["-wal", "-shm"]])
    func afterDeath(suffixes: [String]) async throws {
        try await ScratchFolder.use { outer in
            let folder = outer + "/é #?%20 state"
            try await leave(suffixes, in: folder)
            let before = try contents(folder)
            #expect(try await look(folder, isHeld: false) == "42")
            #expect(try contents(folder) == before)
        }
    }

    @Test("a state that was closed is read, and stays as it is")
    func closed() async throws {
        try await ScratchFolder.use { folder in
            let state = try StateDatabase(directory: folder)
            try await state.remember(.look, "42")
            try state.database.close()
            let before = try contents(folder)
            #expect(try await look(folder, isHeld: false) == "42")
            #expect(try contents(folder) == before)
        }
    }

    @Test("beside a process that works with it, what that one stored last is read")
    func held() async throws {
        try await ScratchFolder.use { folder in
            let state = try StateDatabase(directory: folder)
            for number in 0..<20 {
                try await state.remember(.look, "\(number)")
                #expect(try await look(folder, isHeld: true) == "\(number)")
            }
        }
    }

    @Test("the state of an earlier release is read as it would be after its migration")
    func earlier() async throws {
        try await ScratchFolder.use { outer in
            let folder = outer + "/state"
            try StoredStateTests.restore(to: folder)
            let before = try contents(folder)
            let models = try await StateDatabase.reading(folder, isHeld: false) { try $0.rememberedSettings()?.models }
            #expect(models == ["modele_a", "modele_b"])
            #expect(try contents(folder) == before)
        }
    }

    @Test("damage is told as such")
    func damaged() async throws {
        try await ScratchFolder.use { folder in
            try Data(repeating: 0x5A, count: 9000).write(to: URL(filePath: folder + "/state.sqlite"))
            let error = try await #require(throws: StateError.self) { _ = try await look(folder, isHeld: false) }
            #expect(error.description.contains("damaged"))
        }
    }
}
