import Foundation
import Testing

@testable import NidsSync

@Suite("The state folder under a process")
struct StatePresenceTests {
    private func use(_ body: (String, StatePresence) throws -> Void) throws {
        try ScratchFolder.use { outer in
            let folder = outer + "/state"
            let state = try StateDatabase(directory: folder)
            let presence = StatePresence(directory: folder, lock: try StateLock(directory: folder))
            try presence.verify()
            try body(folder, presence)
            withExtendedLifetime(state) {}
        }
    }

    @Test("a folder that is removed, replaced, or whose database is, is told")
    func removed() throws {
        let changes: [(String) throws -> Void] = [
            { try FileManager.default.removeItem(atPath: $0) },
            {
                try FileManager.default.moveItem(atPath: $0, toPath: $0 + "-away")
                try FileManager.default.copyItem(atPath: $0 + "-away", toPath: $0)
            },
            { try FileManager.default.removeItem(atPath: $0 + "/state.sqlite") },
            {
                try FileManager.default.copyItem(atPath: $0 + "/state.sqlite", toPath: $0 + "/new")
                rename($0 + "/new", $0 + "/state.sqlite")
            },
        ]
        for change in changes {
            try use { folder, presence in
                try change(folder)
                #expect(throws: StateError.removed(path: folder)) { try presence.verify() }
            }
        }
    }

    @Test("a lock file that was deleted comes back, and the folder was locked all the time")
    func deletedFile() throws {
        try use { folder, presence in
            try FileManager.default.removeItem(atPath: folder + "/lock")
            #expect(throws: StateError.locked(path: folder, holder: "an unknown process")) {
                _ = try StateLock(directory: folder)
            }
            #expect(StateLock.holder(of: folder)?.process == nil)
            #expect(StateLock.holder(of: folder) != nil)
            try presence.verify()
            #expect(StateLock.holder(of: folder)?.process == "\(getpid())")
        }
    }
}
