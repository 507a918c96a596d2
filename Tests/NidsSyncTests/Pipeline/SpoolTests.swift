import Foundation
import Synchronization
import TestSupport
import Testing

@testable import NidsSync

@Suite("The spool")
struct SpoolTests {
    @Test("the folder is made, for this user alone")
    func made() throws {
        try ScratchFolder.use { folder in
            let spool = try Spool(stateDirectory: folder + "/state")
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/state/spool")
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try Data("scan".utf8).write(to: URL(filePath: spool.newFile()))
        }
    }

    @Test("what an earlier run left there is cleared away, and nothing else")
    func cleared() throws {
        try ScratchFolder.use { folder in
            let first = try Spool(stateDirectory: folder)
            let left = first.newFile()
            try Data("scan".utf8).write(to: URL(filePath: left))
            try Data("keep".utf8).write(to: URL(filePath: folder + "/state.sqlite"))
            _ = try Spool(stateDirectory: folder)
            #expect(!FileManager.default.fileExists(atPath: left))
            #expect(FileManager.default.fileExists(atPath: folder + "/state.sqlite"))
        }
    }

    @Test("a link in its place is removed, not what it leads to")
    func link() throws {
        try ScratchFolder.use { folder in
            try FileManager.default.createDirectory(atPath: folder + "/precious", withIntermediateDirectories: true)
            try Data("keep".utf8).write(to: URL(filePath: folder + "/precious/file"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/spool", withDestinationPath: folder + "/precious")
            let spool = try Spool(stateDirectory: folder)
            #expect(FileManager.default.fileExists(atPath: folder + "/precious/file"))
            try Data("scan".utf8).write(to: URL(filePath: spool.newFile()))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/precious") == ["file"])
        }
    }

    @Test("no two files have one name, whoever asks at once")
    func names() async throws {
        try await ScratchFolder.use { folder in
            let spool = try Spool(stateDirectory: folder)
            let names = await withTaskGroup(of: String.self) { group in
                for _ in 0..<200 { group.addTask { spool.newFile() } }
                return await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names.count == 200)
            #expect(names.allSatisfy { $0.hasPrefix(folder + "/spool/") })
        }
    }

    @Test("removing a file that is not there is nothing")
    func remove() throws {
        try ScratchFolder.use { folder in
            let spool = try Spool(stateDirectory: folder)
            let file = spool.newFile()
            try Data("scan".utf8).write(to: URL(filePath: file))
            spool.remove(file)
            spool.remove(file)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("who would exceed its room waits until there is some, in the order they came")
    func room() async throws {
        try await ScratchFolder.use { folder in
            let spool = try Spool(stateDirectory: folder, capacity: 100)
            await spool.reserve(60)
            let order = Order()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await spool.reserve(150)
                    order.add(150)
                    spool.release(150)
                }
                try await eventually("waits") { spool.waitingCount == 1 }
                group.addTask {
                    await spool.reserve(10)
                    order.add(10)
                }
                try await eventually("waits") { spool.waitingCount == 2 }
                #expect(order.all == [])
                spool.release(60)
                try await group.waitForAll()
            }
            #expect(order.all == [150, 10])
        }
    }

    @Test("where no folder can be made, the error names it")
    func unwritable() throws {
        try ScratchFolder.use { folder in
            try Data().write(to: URL(filePath: folder + "/file"))
            for place in [folder + "/file", "/proc"] {
                let error = try #require(throws: StateError.self) { try Spool(stateDirectory: place) }
                guard case .unwritable(let path, let reason) = error else {
                    Issue.record("unexpected \(error)")
                    return
                }
                #expect(path == place + "/spool")
                #expect(!reason.isEmpty)
            }
        }
    }
}

/// What happened, in its order.
private final class Order: Sendable {
    private let list = Mutex<[Int]>([])
    var all: [Int] { list.withLock { $0 } }
    func add(_ number: Int) { list.withLock { $0.append(number) } }
}
