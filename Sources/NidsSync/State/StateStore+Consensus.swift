import Foundation
import GRDB

/// What a model answered for a sheet.
struct StoredReading: Sendable, Equatable {
    var model: String
    var answerID: Int64
    var text: String
}

/// The primary's result tells what the models agree on: it is published again when another one has answered.
///
/// A publication's state is the truth of that at any instant, so that a program killed at any instant goes on from it:
/// it is `published` only while what lies in Nextcloud was made of all answers that came from models.
extension StateStore {
    /// The answers for what a primary's answer was read from, its own first, the others in the models' order.
    ///
    /// - Returns: nothing for another model's job, or where there is one model.
    func readings(beside job: SheetJob) async throws -> [StoredReading] {
        guard let answer = job.answerID, isPrimaryOfSeveral(job) else { return [] }
        return try await database.read { db in try readings(of: job.sheetID, beside: answer, db) }
    }

    private func isPrimaryOfSeveral(_ job: SheetJob) -> Bool { models.count > 1 && job.model == models.first }

    private func readings(of sheet: Int64, beside answer: Int64, _ db: Database) throws -> [StoredReading] {
        // A job that looks at its scan again keeps its answer: what counts is what the answer was given for.
        let statement = try db.cachedStatement(
            sql: """
                SELECT job.model, other.id, other.text FROM answer AS own
                JOIN job ON job.sheet_id = :sheet
                JOIN answer AS other ON other.id = job.answer_id AND other.model = job.model
                    AND other.content = own.content AND other.prompt_kind = own.prompt_kind
                WHERE own.id = :answer
                """)
        let found = try Row.fetchAll(statement, arguments: ["sheet": sheet, "answer": answer]).map {
            StoredReading(model: $0[0], answerID: $0[1], text: $0[2])
        }
        return models.compactMap { model in found.first { $0.model == model } }
    }

    /// The result that was sent is there. Where another model has answered since it was made, it is due again.
    func storePublished(_ publication: Publication, _ job: SheetJob, _ readings: [StoredReading]) async throws {
        try await database.write { db in
            var publication = publication
            if publication.isResult, let answer = job.answerID, isPrimaryOfSeveral(job),
                try self.readings(of: job.sheetID, beside: answer, db).map(\.answerID) != readings.map(\.answerID)
            {
                publication.state = .pending
            }
            try Self.store(publication, db)
        }
    }

    /// Another model than the primary has answered: where the primary's result lies in Nextcloud as we wrote it, for
    /// the same content, it is due again. A person's file is left as it is.
    func renewConsensus(with answer: Int64, of job: SheetJob, _ db: Database) throws {
        guard let primary = models.first, job.model != primary, models.contains(job.model) else { return }
        try db.cachedStatement(
            sql: """
                UPDATE publication SET state = 'pending' WHERE state = 'published' AND is_result AND job_id IN (
                    SELECT job.id FROM job JOIN answer AS own ON own.id = job.answer_id
                    JOIN answer AS new ON new.content = own.content AND new.prompt_kind = own.prompt_kind
                    WHERE job.sheet_id = :sheet AND job.model = :primary AND new.id = :answer
                        AND job.stage NOT IN ('failed', 'withdrawing', 'withdrawn'))
                """
        ).execute(arguments: ["sheet": job.sheetID, "primary": primary, "answer": answer])
        guard db.changesCount > 0 else { return }
        try db.cachedStatement(
            sql: """
                UPDATE job SET published = 0, stage = CASE stage WHEN 'done' THEN 'answered' ELSE stage END
                WHERE sheet_id = ? AND model = ?
                """
        ).execute(arguments: [job.sheetID, primary])
    }

    /// Whether a result that is about to be adopted lacks what another model said when it was asked before that.
    ///
    /// An answer that was adopted itself has remarks, and is no reason to write anything.
    func lacksReading(_ job: SheetJob, answer: Int64, compared: [String], _ db: Database) throws -> Bool {
        guard isPrimaryOfSeveral(job) else { return false }
        return try readings(of: job.sheetID, beside: answer, db).contains { reading in
            guard reading.model != job.model, !compared.contains(reading.model) else { return false }
            return try Bool.fetchOne(
                db, sql: "SELECT remarks IS NULL FROM answer WHERE id = ?", arguments: [reading.answerID]) ?? false
        }
    }

    /// Whether the primary's result of a sheet that another model has read is there, and due to be replaced.
    func isConsensusDue(beside job: SheetJob) async throws -> Bool {
        guard models.count > 1, let primary = models.first, job.model != primary else { return false }
        return try await database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM job JOIN publication ON publication.job_id = job.id
                    WHERE job.sheet_id = ? AND job.model = ? AND job.stage = 'answered'
                        AND publication.is_result AND publication.state = 'pending'
                        AND publication.published IS NOT NULL)
                    """, arguments: [job.sheetID, primary]) ?? false
        }
    }
}
