import Foundation
import GRDB
import Testing

@testable import NidsSync

@Suite("A clock that was set back")
struct DueTimesTests {
    private static let year: TimeInterval = 366 * 86_400

    private func prepared() async throws -> StateDatabase {
        let state = try StateDatabase.inMemory()
        try await state.storeScans([.sample("jpeg/1.jpg")], of: .sample("jpeg"), at: .sample, models: ["modele_a"])
        return state
    }

    private func set(_ state: StateDatabase, to time: TimeInterval) async throws {
        try await state.database.write { db in
            try db.execute(sql: "UPDATE job SET stage = 'asking', next_attempt = ?", arguments: [time])
            try db.execute(sql: "UPDATE sheet SET hold_until = ?", arguments: [time])
            try db.execute(sql: "UPDATE scan SET settles_at = ?", arguments: [time])
            try db.execute(
                sql: """
                    INSERT INTO batch (model, display_name, stage, made_at, next_look) VALUES ('modele_a', 'b', 'sent', 0, ?)
                    """, arguments: [time])
            try db.execute(
                sql: """
                    INSERT INTO model_pause (model, reason, since, until, is_named) VALUES ('modele_a', 'r', 0, ?, 1)
                    """, arguments: [time])
        }
    }

    private func dueTimes(_ state: StateDatabase) async throws -> [Double] {
        try await state.database.read { db in
            try Double.fetchAll(
                db,
                sql: """
                    SELECT next_attempt FROM job UNION ALL SELECT hold_until FROM sheet
                    UNION ALL SELECT settles_at FROM scan UNION ALL SELECT next_look FROM batch
                    UNION ALL SELECT until FROM model_pause
                    """)
        }
    }

    @Test("what would be due in a year is due now")
    func farAway() async throws {
        let state = try await prepared()
        let now = Date.sample.timeIntervalSince1970
        try await set(state, to: now + Self.year)
        let due = try await state.read {
            try $0.jobs.due(.asking, JobFilter(models: ["modele_a"]), at: .sample, limit: 9)
        }
        #expect(due.isEmpty)
        #expect(try await state.write { try $0.dueTimes.settle(at: .sample, hold: 900, wasSetBack: false) })
        #expect(try await dueTimes(state).allSatisfy { $0 <= now })
        let now2 = try await state.read {
            try $0.jobs.due(.asking, JobFilter(models: ["modele_a"]), at: .sample, limit: 9)
        }
        #expect(now2.count == 1)
    }

    @Test("what is due within the longest pause keeps its time")
    func near() async throws {
        let state = try await prepared()
        let soon = Date.sample.timeIntervalSince1970 + 30
        try await set(state, to: soon)
        #expect(try await !state.write { try $0.dueTimes.settle(at: .sample, hold: 900, wasSetBack: false) })
        #expect(try await dueTimes(state).allSatisfy { $0 == soon })
    }

    @Test("where the clock is known to have been set back, retries are due at once, and holds and quotas keep theirs")
    func known() async throws {
        let state = try await prepared()
        let now = Date.sample.timeIntervalSince1970
        try await set(state, to: now + 600)
        _ = try await state.write { try $0.dueTimes.settle(at: .sample, hold: 900, wasSetBack: true) }
        #expect(try await dueTimes(state) == [now, now + 600, now, now, now + 600])
    }
}
