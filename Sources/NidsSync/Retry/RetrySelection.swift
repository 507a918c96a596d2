import Foundation
import GRDB
import Transcriber

/// Sheets that a person wants to have tried again, and what that takes.
struct RetrySelection: Sendable {
    /// The jobs.
    var jobs: [Int64] = []
    /// Places where no scan lies that is worked on.
    var unmatched: [String] = []
    /// Jobs that are left as they are, by reason.
    var skipped: [(reason: String, count: Int)] = []
    /// The content that models have to be asked about anew, each once.
    var toAsk: Set<AnswerKey> = []
    /// Both sides of sheets that were read alone, to be read together.
    var pairs: [SidesReadAlone] = []

    /// The models that read each sheet.
    let models: Int

    /// The sheets, each counted once for every model that reads it.
    var count: Int { jobs.count + pairs.count * models }

    /// The jobs that a wish is about.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    init(_ wish: RetryWish, models: [String], _ tables: StateTables) throws {
        self.models = models.count
        var places: [PlaceFilter] = []
        for text in wish.paths {
            guard let place = PlaceFilter(text), try tables.scans.exists(at: place) else {
                unmatched.append(text)
                continue
            }
            places.append(place)
        }
        guard wish.paths.isEmpty || !places.isEmpty else { return }
        let scope = JobScope(models: models, places: places)
        let waiting = SheetJob.Stage.unanswered + [.answered]
        switch wish.kind {
        case .unfinished:
            jobs = try scope.jobs(
                "stage = \(SheetJob.Stage.failed) OR next_attempt IS NOT NULL AND stage IN \(waiting)", tables.db)
        case .failed: jobs = try scope.jobs("stage = \(SheetJob.Stage.failed)", tables.db)
        case .outdated: try selectOutdated(scope, tables)
        case .deleted: try selectDeleted(scope, tables)
        }
    }

    private static let delivered: [SheetJob.Stage] = [.done, .answered, .failed]

    /// A result that a person has written or deleted is not worth paying for: ours would never take its place.
    private mutating func selectOutdated(_ scope: JobScope, _ tables: StateTables) throws {
        let meanings = try tables.memory.providerModels()
        var persons = 0
        for pair in try SidesReadAlone.all(scope.places, tables.db) {
            if try pair.sheets.contains(where: tables.variants.isPersons) {
                persons += 1
                continue
            }
            pairs.append(pair)
            for key in scope.models.map(pair.key) where try tables.answers.answer(key) == nil { toAsk.insert(key) }
        }
        let joined = pairs.flatMap(\.sheets)
        let ids = try scope.jobs(
            "stage IN \(Self.delivered) AND answer_id IS NOT NULL AND sheet_id NOT IN \(joined)", tables.db)
        for id in ids {
            guard let key = try tables.answers.outdatedKey(ofJob: id, meanings) else { continue }
            if try tables.publications.isPersons(id) {
                persons += 1
                continue
            }
            jobs.append(id)
            let isCurrent = try tables.answers.answer(key).map { !meanings.isOutdated($0, key) } ?? false
            if !isCurrent { toAsk.insert(key) }
        }
        if persons > 0 { skipped = [("a person edited or deleted the result", persons)] }
    }

    private mutating func selectDeleted(_ scope: JobScope, _ tables: StateTables) throws {
        let isDeleted: SQL = """
            stage IN \(Self.delivered) AND EXISTS (SELECT 1 FROM publication
            WHERE publication.job_id = job.id AND state = \(Publication.State.deleted) AND is_result)
            """
        jobs = try scope.jobs("\(isDeleted) AND answer_id IS NOT NULL", tables.db)
        let foreign = try scope.jobs("\(isDeleted) AND answer_id IS NULL", tables.db).count
        if foreign > 0 { skipped = [("the result was not ours, and nothing of it is stored", foreign)] }
    }
}

extension AnswerTable {
    /// The key of a job's answer, where that is outdated.
    fileprivate func outdatedKey(ofJob id: Int64, _ meanings: ProviderModels) throws -> AnswerKey? {
        let row = try db.row("SELECT content, model, prompt_kind, answer_id FROM job WHERE id = \(id)")
        guard let row, let content: String = row["content"], let answer: Int64 = row["answer_id"],
            let stored = try self.answer(id: answer)
        else { return nil }
        let key = AnswerKey(content: content, model: row["model"], promptKind: try row.known("prompt_kind"))
        return meanings.isOutdated(stored, key) ? key : nil
    }
}
