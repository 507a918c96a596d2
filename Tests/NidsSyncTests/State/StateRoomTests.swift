import Foundation
import GRDB
import Synchronization
import Testing

@testable import NidsSync

@Suite("The room for what has to be stored", .timeLimit(.minutes(2)))
struct StateRoomTests {
    /// A clock that sleeping moves on.
    private final class Clock: Sendable {
        private let passed = Mutex(Duration.zero)
        private let wakers = Mutex<[@Sendable (Duration) throws -> Void]>([])

        var slept: Duration { passed.withLock { $0 } }

        /// Calls that after every sleep.
        func onSleep(_ body: @escaping @Sendable (Duration) throws -> Void) { wakers.withLock { $0.append(body) } }

        var timing: Timing {
            Timing(
                now: { Date(timeIntervalSince1970: 1_800_000_000 + self.slept.seconds) },
                sleep: { duration in
                    let slept = self.passed.withLock { passed in
                        passed += duration
                        return passed
                    }
                    for waker in self.wakers.withLock({ $0 }) { try waker(slept) }
                })
        }
    }

    private struct Bench {
        var state: StateDatabase
        var room: StateRoom
        var clock: Clock
        var stop: StopSignal

        /// SQLite has no page more than it has, as on a disk that is full.
        func fillDisk() async throws {
            try await state.database.writeWithoutTransaction { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
        }
    }

    private func use(_ body: (Bench) async throws -> Void) async throws {
        try await ScratchFolder.use { folder in
            var state = try StateDatabase(directory: folder)
            let (clock, stop) = (Clock(), StopSignal())
            let room = StateRoom(
                directory: folder, stop: stop, grace: .seconds(10), timing: clock.timing, logger: nil)
            state.room = room
            try await body(Bench(state: state, room: room, clock: clock, stop: stop))
        }
    }

    private static let long = String(repeating: "x", count: 100_000)

    @Test("what cannot be stored is tried again until there is room")
    func waits() async throws {
        try await use { bench in
            try await bench.fillDisk()
            let database = bench.state.database
            bench.room.waitForEver()
            bench.clock.onSleep { slept in
                guard slept >= .seconds(3600) else { return }
                try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            }
            try await bench.state.remember(.look, Self.long)
            #expect(try await bench.state.recall(.look) == Self.long)
            #expect(bench.clock.slept >= .seconds(3600))
        }
    }

    @Test("a pass has patience for a while, and then says where room is needed")
    func patience() async throws {
        try await use { bench in
            try await bench.fillDisk()
            let error = try await #require(throws: StateError.self) {
                try await bench.state.remember(.look, Self.long)
            }
            #expect(error.status == .unavailable)
            #expect(error.description.contains(bench.room.directory))
            #expect(error.description.contains("MB free"))
            #expect(bench.clock.slept < .seconds(60))
        }
    }

    @Test("what has been paid for is kept until somebody asks to stop, and its grace is over")
    func keeps() async throws {
        try await use { bench in
            try await bench.fillDisk()
            let stop = bench.stop
            bench.clock.onSleep { slept in if slept >= .seconds(3600) { stop.request() } }
            await #expect(throws: StateError.self) {
                try await bench.state.write(keeps: true) { try $0.memory.remember(.look, Self.long) }
            }
            #expect(bench.clock.slept >= .seconds(3600) && bench.clock.slept < .seconds(3620))
        }
    }

    @Test("the room for an answer is there before it is asked for, and given up for what has to be stored")
    func reserve() async throws {
        try await use { bench in
            try bench.room.claim()
            let path = bench.room.directory + "/reserve"
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(try #require(size) >= 2 << 20)
            try await bench.fillDisk()
            await #expect(throws: StateError.self) { try await bench.state.remember(.look, Self.long) }
            #expect(!FileManager.default.fileExists(atPath: path))
            // Where there is room, the next one has it again.
            try bench.room.claim()
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("damage is told in one sentence with what to do, wherever it is met")
    func damage() async throws {
        try await use { bench in
            let page = try await bench.state.database.write { db in
                for number in 0..<400 {
                    try db.execute(
                        sql: "INSERT INTO memory (key, value) VALUES (?, ?)",
                        arguments: ["k\(number)", String(repeating: "v", count: 500)])
                }
                return try Int.fetchOne(
                    db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_memory_1'") ?? 0
            }
            try await bench.state.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            let file = try FileHandle(forWritingTo: URL(filePath: bench.room.directory + "/state.sqlite"))
            try file.seek(toOffset: UInt64(page - 1) * 4096)
            try file.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            try file.close()
            let damaged = try StateDatabase(directory: bench.room.directory)
            let error = try await #require(throws: StateError.self) { _ = try await damaged.recall(.look) }
            #expect(error.description.contains("is damaged. Deleting the folder is safe"))
            #expect(error.status == .configuration)
        }
    }
}
