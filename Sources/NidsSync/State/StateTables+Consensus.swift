import GRDB

/// The primary's result tells what the models agree on: it is published again when another one has answered.
///
/// A publication's state is the truth of that at any instant, so that a program killed at any instant goes on from it:
/// it is `published` only while what lies in Nextcloud was made of all answers that came from models.
extension StateTables {
    /// The answers for what a primary's answer was read from, its own first, the others in the models' order.
    ///
    /// - Returns: nothing for another model's job, or where there is one model.
    func readings(beside job: SheetJob) throws -> [StoredReading] {
        guard let answer = job.answerID, isPrimaryOfSeveral(job) else { return [] }
        return try answers.readings(of: job.sheetID, beside: answer, models: models)
    }

    private func isPrimaryOfSeveral(_ job: SheetJob) -> Bool { models.count > 1 && job.model == models.first }

    /// The result that was sent is there. Where another model has answered since it was made, it is due again.
    func storePublished(_ publication: Publication, _ job: SheetJob, _ readings: [StoredReading]) throws {
        var publication = publication
        if publication.isResult, try self.readings(beside: job).map(\.answerID) != readings.map(\.answerID) {
            publication.state = .pending
        }
        try publications.store(publication)
    }

    /// Another model than the primary has answered: where the primary's result lies in Nextcloud as we wrote it, for
    /// the same content, it is due again. A person's file is left as it is.
    func renewConsensus(with answer: Int64, of job: SheetJob) throws {
        guard let primary = models.first, job.model != primary, models.contains(job.model) else { return }
        let ended = [SheetJob.Stage.failed, .withdrawing, .withdrawn]
        let renewed = try db.change(
            """
            UPDATE publication SET state = \(Publication.State.pending)
            WHERE state = \(Publication.State.published) AND is_result AND job_id IN (
                SELECT job.id FROM job JOIN answer AS own ON own.id = job.answer_id
                JOIN answer AS new ON new.content = own.content AND new.prompt_kind = own.prompt_kind
                WHERE job.sheet_id = \(job.sheetID) AND job.model = \(primary) AND new.id = \(answer)
                    AND job.stage NOT IN \(ended))
            """)
        if renewed > 0 { try jobs.publishAnew(job.sheetID, model: primary) }
    }

    /// `true` when a result that is about to be adopted lacks what another model said when it was asked before that.
    ///
    /// An answer that was adopted itself is no reason to write anything.
    func lacksReading(_ job: SheetJob, answer: Int64, compared: [String]) throws -> Bool {
        guard isPrimaryOfSeveral(job) else { return false }
        return try answers.readings(of: job.sheetID, beside: answer, models: models).contains { reading in
            guard reading.model != job.model, !compared.contains(reading.model) else { return false }
            return try answers.wasAsked(reading.answerID)
        }
    }

    /// `true` when the primary's result of a sheet that another model has read is there, and due to be replaced.
    func isConsensusDue(beside job: SheetJob) throws -> Bool {
        guard models.count > 1, let primary = models.first, job.model != primary else { return false }
        return try db.exists(
            """
            SELECT 1 FROM job JOIN publication ON publication.job_id = job.id
            WHERE job.sheet_id = \(job.sheetID) AND job.model = \(primary) AND job.stage = \(SheetJob.Stage.answered)
                AND publication.is_result AND publication.state = \(Publication.State.pending)
                AND publication.published IS NOT NULL
            """)
    }
}
