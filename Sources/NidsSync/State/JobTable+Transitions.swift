import Foundation
import GRDB
import Transcriber

extension JobTable {
    /// A job cannot come to that stage from the one that it is in.
    struct RefusedTransition: Error, Equatable, CustomStringConvertible {
        var from: SheetJob.Stage
        var to: SheetJob.Stage

        var description: String { "a job that is \(from.rawValue) cannot become \(to.rawValue): please report this" }
    }

    /// The stages from which a job may come to a stage: the diagram above `JobTable`, as a table.
    static func sources(of stage: SheetJob.Stage) -> [SheetJob.Stage] {
        switch stage {
        case .new, .withdrawn: SheetJob.Stage.allCases
        case .withdrawing: SheetJob.Stage.allCases.filter { $0 != .withdrawn }
        case .adopting: [.new]
        case .asking: [.new, .adopting, .batched]
        case .batched: [.asking]
        case .answered: [.adopting, .asking, .batched, .answered, .done, .failed, .withdrawing, .withdrawn]
        case .done: [.answered]
        case .failed: [.adopting, .asking, .batched, .answered, .withdrawing]
        }
    }

    /// Faults and delays of the stage before are over. SQLite takes the last of two assignments to one column, so that a
    /// transition may give another failure after this.
    static var reset: SQL { "starts = 0, attempts = 0, next_attempt = NULL, failure = NULL" }

    /// The same for a job that begins anew: work that is under way does not count any more.
    static var restart: SQL { "revision = revision + 1, turn = 0, alone = 0, \(reset)" }

    /// A job as its worker knows it; nothing where something happened to its sheet meanwhile.
    private static func current(_ job: SheetJob) -> SQL { "id = \(job.id) AND revision = \(job.revision)" }

    /// Brings jobs to a stage.
    ///
    /// - Returns: the number of jobs that came there.
    /// - Throws: `RefusedTransition` where the stage of one of them does not allow it.
    @discardableResult
    func move(_ jobs: SQL, to stage: SheetJob.Stage, _ changes: SQL) throws -> Int {
        let sources = Self.sources(of: stage)
        let moved = try db.change(
            "UPDATE job SET stage = \(stage), \(changes) WHERE \(jobs) AND stage IN \(sources)")
        if moved == 0, let other = try db.row("SELECT stage FROM job WHERE \(jobs) LIMIT 1") {
            throw RefusedTransition(from: try other.known("stage"), to: stage)
        }
        return moved
    }
}

/// The work on one job.
extension JobTable {
    /// Every new job has to ask: there is nothing that could be adopted.
    /// - Returns: the number of jobs.
    func sortAllToAsk() throws -> Int {
        try db.change(
            "UPDATE job SET stage = \(SheetJob.Stage.asking) WHERE stage = \(SheetJob.Stage.new)")
    }

    /// A new job looks at what lies at its result's place first, or asks.
    func sort(_ id: Int64, adopts: Bool) throws {
        try move("id = \(id)", to: adopts ? .adopting : .asking, Self.reset)
    }

    /// It asks a model: what lies at its result's place is not its result.
    func ask(_ job: SheetJob) throws { try move(Self.current(job), to: .asking, Self.reset) }

    /// It is asked about by itself although others go by batch.
    func askAlone(_ job: SheetJob) throws {
        try db.change("UPDATE job SET alone = 1, starts = 0 WHERE \(Self.current(job))")
    }

    /// A batch will bring its answer.
    func awaitBatch(_ job: SheetJob, content: String) throws {
        try move(Self.current(job), to: .batched, "awaiting = \(content), \(Self.reset)")
    }

    /// It has an answer for its content; other content's or another answer is recorded anew.
    ///
    /// - Returns: `true` when it had another before.
    func answer(_ job: SheetJob, content: String, answer: Int64) throws -> Bool {
        let isOther = job.content != content || job.answerID != answer
        let moved = try move(
            Self.current(job), to: .answered,
            """
            content = \(content), answer_id = \(answer), published = 0, \
            recorded = CASE WHEN \(isOther) THEN 0 ELSE recorded END, \(Self.reset)
            """)
        return isOther && moved > 0
    }

    /// A result of ours that was there is its result.
    func adoptOurs(_ job: SheetJob, content: String, answer: Int64) throws {
        try move(
            Self.current(job), to: .answered,
            "content = \(content), answer_id = \(answer), published = 0, recorded = 0, \(Self.reset)")
    }

    /// A person's result is its result.
    func adoptTheirs(_ job: SheetJob) throws {
        try move(Self.current(job), to: .answered, "published = 0, recorded = 0, \(Self.reset)")
    }

    /// Everything is delivered, unless its result has become due again meanwhile. `note` tells people why something
    /// was left as it is.
    ///
    /// - Returns: `false` when the result has to be published again.
    func complete(_ job: SheetJob, note: String?) throws -> Bool {
        let state = try db.row(
            """
            SELECT recorded, EXISTS (SELECT 1 FROM publication WHERE job_id = job.id AND is_result
                AND path = \(job.resultPath?.blob ?? Data()) AND state = \(Publication.State.pending)) AS is_due
            FROM job WHERE \(Self.current(job))
            """)
        guard let state else { return true }
        let isDue: Bool = state["is_due"]
        let isRecorded: Bool = state["recorded"]
        try move(
            Self.current(job), to: isRecorded && !isDue ? .done : .answered,
            "turn = 0, published = \(!isDue), \(Self.reset), failure = \(note)")
        return !isDue
    }

    /// It failed for good.
    func fail(_ job: SheetJob, reason: String) throws {
        try move(Self.current(job), to: .failed, "\(Self.reset), failure = \(reason)")
    }

    /// Its sheet's rows are withdrawn.
    func completeWithdrawal(_ job: SheetJob) throws { try move(Self.current(job), to: .withdrawn, Self.reset) }

    /// The work ended in an orderly way and goes on at `next`, or at once.
    ///
    /// - Parameter keepsStarts: `true` where its start counts as one that died.
    func postpone(
        _ job: SheetJob, until next: Date?, reason: String?, countsAsAttempt: Bool, keepsStarts: Bool = false
    ) throws {
        try db.change(
            """
            UPDATE job SET starts = CASE WHEN \(keepsStarts) THEN starts ELSE 0 END, attempts = attempts + \(countsAsAttempt ? 1 : 0),
            next_attempt = \(next?.timeIntervalSince1970), failure = \(reason) WHERE \(Self.current(job))
            """)
    }

    /// The time since which a job has had a reason to wait, `nil` where it has none.
    func since(_ id: Int64) throws -> Date? {
        try db.row("SELECT since FROM job WHERE id = \(id)")?.dateIfPresent("since")
    }

    /// A job has a reason to wait since that time, where it has any.
    func setSince(_ id: Int64, _ time: Date) throws {
        try db.change(
            "UPDATE job SET since = \(time.timeIntervalSince1970) WHERE id = \(id) AND failure IS NOT NULL")
    }

    /// The work ended in an orderly way; what was put off stays so.
    func release(_ job: SheetJob, reason: String?) throws {
        try db.change(
            "UPDATE job SET starts = 0, failure = coalesce(\(reason), failure) WHERE \(Self.current(job))")
    }

    /// The model's reading is in the database of observations; it does not count where a person's stands by now.
    func markRecorded(_ job: SheetJob) throws {
        try db.change(
            """
            UPDATE job SET recorded = NOT EXISTS (SELECT 1 FROM publication WHERE job_id = job.id AND is_result
                AND state IN \([Publication.State.theirs, .deleted])) WHERE \(Self.current(job))
            """)
    }

    /// It has recorded in the database of observations what a person did with the result.
    func markPersonsRecorded(_ job: SheetJob) throws {
        try db.change("UPDATE job SET recorded = 1, starts = 0 WHERE \(Self.current(job))")
    }
}
