import Foundation
import GRDB

extension StateStore {
    /// Jobs that are changed within one transaction: a daemon beside us waits for each.
    private static let batch = 500

    /// Has jobs tried again.
    ///
    /// - Parameter deadBefore: requests begun before that are no running process's.
    /// - Returns: how many will be.
    func tryAgain(
        _ selection: RetrySelection, _ kind: RetryWish.Kind, deadBefore: Date
    ) async throws -> Int {
        let meanings = try await providerModels()
        var count = 0
        for start in stride(from: 0, to: selection.jobs.count, by: Self.batch) {
            let jobs = selection.jobs[start..<min(start + Self.batch, selection.jobs.count)]
            count += try await database.write { db in
                let writer = RetryWriter(db: db, meanings: meanings, deadBefore: deadBefore)
                return try jobs.count { try writer.tryAgain($0, kind) }
            }
        }
        return count
    }

    /// Every model is asked again at once.
    /// - Returns: those that rested.
    func endPauses() async throws -> [String] {
        try await database.write { db in
            let models = try String.fetchAll(db, sql: "SELECT model FROM model_pause ORDER BY model")
            if !models.isEmpty { try db.execute(sql: "DELETE FROM model_pause") }
            return models
        }
    }

    /// A number that changes when another process writes to the state.
    func version() async throws -> Int {
        try await database.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0
        }
    }
}
