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
    /// What models have to be asked anew, each content once.
    var toAsk: Set<AnswerKey> = []
}

extension StateStore {
    /// The jobs that a wish is about.
    func select(_ wish: RetryWish, models: [String]) async throws -> RetrySelection {
        let meanings = try await providerModels()
        return try await database.read { db in
            var selection = RetrySelection()
            var places: [PlaceFilter] = []
            for text in wish.paths {
                guard let place = PlaceFilter(text), try Self.hasScan(at: place, db) else {
                    selection.unmatched.append(text)
                    continue
                }
                places.append(place)
            }
            guard wish.paths.isEmpty || !places.isEmpty else { return selection }
            let scope = JobScope(models: models, places: places)
            switch wish.kind {
            case .unfinished:
                selection.jobs = try scope.jobs(
                    """
                    stage = 'failed' OR next_attempt IS NOT NULL
                        AND stage IN ('new', 'adopting', 'asking', 'answered')
                    """, db)
            case .failed: selection.jobs = try scope.jobs("stage = 'failed'", db)
            case .outdated: try selectOutdated(scope, meanings, &selection, db)
            case .deleted: try selectDeleted(scope, &selection, db)
            }
            return selection
        }
    }

    private static func hasScan(at place: PlaceFilter, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM scan WHERE missing < 2 AND left_out IS NULL AND (\(place.condition)))
                """, arguments: place.arguments) ?? false
    }

    /// A result that a person has written or deleted is not worth paying for: ours would never take its place.
    private func selectOutdated(
        _ scope: JobScope, _ meanings: ProviderModels, _ selection: inout RetrySelection, _ db: Database
    ) throws {
        let ids = try scope.jobs("stage IN ('done', 'answered', 'failed') AND answer_id IS NOT NULL", db)
        let select = try db.makeStatement(
            sql: """
                SELECT job.content, job.model, job.prompt_kind, answer.prompt_version, answer.provider_model,
                    answer.asked_at, EXISTS (SELECT 1 FROM publication WHERE job_id = job.id AND is_result
                        AND state IN ('theirs', 'deleted')) AS is_persons
                FROM job JOIN answer ON answer.id = job.answer_id WHERE job.id = ?
                """)
        var persons = 0
        for id in ids {
            guard let row = try Row.fetchOne(select, arguments: [id]), let key = Self.key(row),
                Self.isOutdated(row, key, meanings)
            else { continue }
            if row["is_persons"] as Bool {
                persons += 1
                continue
            }
            selection.jobs.append(id)
            if try Self.currentAnswer(key, meanings, db) == nil { selection.toAsk.insert(key) }
        }
        if persons > 0 { selection.skipped = [("a person edited or deleted the result", persons)] }
    }

    private func selectDeleted(_ scope: JobScope, _ selection: inout RetrySelection, _ db: Database) throws {
        let isDeleted = """
            stage IN ('done', 'answered', 'failed') AND EXISTS (SELECT 1 FROM publication
            WHERE publication.job_id = job.id AND state = 'deleted' AND is_result)
            """
        selection.jobs = try scope.jobs("\(isDeleted) AND answer_id IS NOT NULL", db)
        let foreign = try scope.jobs("\(isDeleted) AND answer_id IS NULL", db).count
        if foreign > 0 { selection.skipped = [("the result was not ours, and nothing of it is stored", foreign)] }
    }

    static func key(_ row: Row) -> AnswerKey? {
        guard let content: String = row["content"], let kind = PromptKind(rawValue: row["prompt_kind"]) else {
            return nil
        }
        return AnswerKey(content: content, model: row["model"], promptKind: kind)
    }

    /// Whether an answer is of an older prompt, or of another model than the label means now.
    static func isOutdated(_ answer: Row, _ key: AnswerKey, _ meanings: ProviderModels) -> Bool {
        (answer["prompt_version"] as Int) < Prompt.version(of: key.promptKind)
            || !meanings.isCurrent(answer["provider_model"], label: key.model, askedAt: answer["asked_at"])
    }

    /// The stored answer that is found when a key is asked for, where it is up to date.
    private static func currentAnswer(_ key: AnswerKey, _ meanings: ProviderModels, _ db: Database) throws -> Int64? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT id, prompt_version, provider_model, asked_at FROM answer
                    WHERE content = ? AND model = ? AND prompt_kind = ?
                    """), arguments: key.arguments)
        return row.flatMap { isOutdated($0, key, meanings) ? nil : $0["id"] }
    }
}
