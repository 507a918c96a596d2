import Foundation
import Testing

@testable import NidsSync

@Suite("The lock on a state folder", .timeLimit(.minutes(5)))
struct StateLockTests {
    private func holder(_ folder: String) throws -> String {
        let error = try #require(throws: StateError.self) { try StateLock(directory: folder) }
        guard case .locked(let path, let holder) = error else {
            Issue.record("unexpected \(error)")
            return ""
        }
        #expect(path == folder)
        #expect(error.description.contains(holder))
        return holder
    }

    @Test("a second holder is told which process holds it; once released it is free")
    func second() throws {
        try ScratchFolder.use { folder in
            var lock: StateLock? = try StateLock(directory: folder)
            #expect(try holder(folder) == "process \(getpid())")
            withExtendedLifetime(lock) {}
            lock = nil
            _ = try StateLock(directory: folder)
        }
    }

    @Test("a longer pid of an earlier holder does not shine through")
    func staleText() throws {
        try ScratchFolder.use { folder in
            try Data("99999999999999999999".utf8).write(to: URL(filePath: folder + "/lock"))
            let lock = try StateLock(directory: folder)
            #expect(try holder(folder) == "process \(getpid())")
            withExtendedLifetime(lock) {}
        }
    }

    @Test("a process that is killed outright leaves the lock free")
    func killed() async throws {
        try await ScratchFolder.use { folder in
            let process = Process()
            process.executableURL = URL(filePath: "/bin/bash")
            process.arguments = [
                "-c", "exec 9<>\"$0/lock\" && flock -n 9 && printf %s $$ >\"$0/lock\" && echo held && exec sleep 600",
                folder,
            ]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            var lines = pipe.fileHandleForReading.availableData
            while !lines.contains(0x0A), !lines.isEmpty { lines += pipe.fileHandleForReading.availableData }
            #expect(String(decoding: lines, as: UTF8.self) == "held\n")
            #expect(try holder(folder) == "process \(process.processIdentifier)")
            kill(process.processIdentifier, SIGKILL)
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    process.waitUntilExit()
                    continuation.resume()
                }
            }
            let lock = try StateLock(directory: folder)
            #expect(try holder(folder) == "process \(getpid())")
            withExtendedLifetime(lock) {}
        }
    }

    @Test("a lock whose holder left no pid is held by an unknown process")
    func strangeText() throws {
        try ScratchFolder.use { folder in
            let lock = try StateLock(directory: folder)
            truncate(folder + "/lock", 0)
            #expect(try holder(folder) == "an unknown process")
            withExtendedLifetime(lock) {}
        }
    }

    @Test("where no lock file can be made, the folder is unwritable", arguments: ["/proc", "/nonexistent/folder"])
    func unwritable(folder: String) throws {
        let error = try #require(throws: StateError.self) { try StateLock(directory: folder) }
        guard case .unwritable(folder, let reason) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("a folder in the lock's place makes it unwritable")
    func folderInTheWay() throws {
        try ScratchFolder.use { folder in
            try FileManager.default.createDirectory(atPath: folder + "/lock", withIntermediateDirectories: true)
            let error = try #require(throws: StateError.self) { try StateLock(directory: folder) }
            guard case .unwritable(folder, _) = error else {
                Issue.record("unexpected \(error)")
                return
            }
        }
    }
}
