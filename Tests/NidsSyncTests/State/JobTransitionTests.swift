import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("The life of a job")
struct JobTransitionTests {
    /// Something that happens to a job: what it is called, and which stages it leads to from those that allow it.
    struct Event: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var leads: [SheetJob.Stage: SheetJob.Stage]
        var happens: @Sendable (StateTables, SheetJob) throws -> Void

        init(
            _ name: String, _ leads: [SheetJob.Stage: SheetJob.Stage],
            _ happens: @escaping @Sendable (StateTables, SheetJob) throws -> Void
        ) {
            testDescription = name
            self.leads = leads
            self.happens = happens
        }
    }

    private static func all(_ to: SheetJob.Stage) -> [SheetJob.Stage: SheetJob.Stage] {
        Dictionary(uniqueKeysWithValues: SheetJob.Stage.allCases.map { ($0, to) })
    }

    private static func from(_ stages: [SheetJob.Stage], to: SheetJob.Stage) -> [SheetJob.Stage: SheetJob.Stage] {
        Dictionary(uniqueKeysWithValues: stages.map { ($0, to) })
    }

    private static let answerable: [SheetJob.Stage] = [
        .adopting, .asking, .batched, .answered, .done, .failed, .withdrawing, .withdrawn,
    ]

    static let events: [Event] = [
        Event("is sorted to adopt", from([.new], to: .adopting)) { try $0.jobs.sort($1.id, adopts: true) },
        Event("is sorted to ask", from([.new, .adopting, .batched], to: .asking)) {
            try $0.jobs.sort($1.id, adopts: false)
        },
        Event("finds no result of its own", from([.new, .adopting, .batched], to: .asking)) { try $0.jobs.ask($1) },
        Event("waits for a batch", from([.asking], to: .batched)) { try $0.jobs.awaitBatch($1, content: "c") },
        Event("has an answer", from(answerable, to: .answered)) { _ = try $0.jobs.answer($1, content: "c", answer: 1) },
        Event("adopts ours", from(answerable, to: .answered)) { try $0.jobs.adoptOurs($1, content: "c", answer: 1) },
        Event("adopts a person's", from(answerable, to: .answered)) { try $0.jobs.adoptTheirs($1) },
        Event("is delivered", from([.answered], to: .done)) { _ = try $0.jobs.complete($1, note: nil) },
        Event("fails", from([.adopting, .asking, .batched, .answered, .withdrawing], to: .failed)) {
            try $0.jobs.fail($1, reason: "broken")
        },
        Event("is withdrawn", all(.withdrawn)) { try $0.jobs.completeWithdrawal($1) },
        Event("has another content", all(.new)) { try $0.jobs.reopen($1.sheetID) },
        Event(
            "loses its scans",
            all(.withdrawing).merging(from([.withdrawing], to: .withdrawing)) { $1 }
                .merging(from([.withdrawn], to: .withdrawn)) { $1 }
        ) { tables, job in
            try tables.sheets.storeRecordedPath(job.sheetID, job.path)
            try tables.jobs.retire(job.sheetID)
        },
        Event(
            "follows its scans",
            all(.new).merging(from([.answered, .done, .failed, .withdrawing, .withdrawn], to: .answered)) { $1 }
        ) { try $0.jobs.follow($1.sheetID, promptKind: $1.promptKind) },
        Event(
            "is changed by a person",
            Dictionary(uniqueKeysWithValues: SheetJob.Stage.allCases.map { ($0, $0) })
                .merging(from([.done, .failed], to: .answered)) { $1 }
        ) { try $0.jobs.recordAnew($1.id) },
        Event(
            "is answered by another model",
            Dictionary(uniqueKeysWithValues: SheetJob.Stage.allCases.map { ($0, $0) })
                .merging(from([.done], to: .answered)) { $1 }
        ) { try $0.jobs.publishAnew($1.sheetID, model: $1.model) },
        Event("is asked by itself after a batch", from([.new, .adopting, .batched], to: .asking)) {
            try $0.jobs.askAfterBatch($1)
        },
        Event("is refused in a batch", from([.adopting, .asking, .batched, .answered, .withdrawing], to: .failed)) {
            try $0.jobs.failAfterBatch($1, reason: "no")
        },
        Event("is begun anew by a person", all(.new)) { try $0.jobs.renew($1.id) },
        Event("is resumed without an answer", all(.new)) {
            try $0.jobs.resume($1.id, isAnswered: false, isTheirs: false)
        },
        Event("is resumed with an answer", from(answerable, to: .answered)) {
            try $0.jobs.resume($1.id, isAnswered: true, isTheirs: false)
        },
        Event("is brought back", from(answerable, to: .answered)) { try $0.jobs.bringBack($1.id) },
    ]

    /// One job at a stage, with an answer, recorded, and with faults behind it.
    private func prepared(_ stage: SheetJob.Stage) async throws -> StateDatabase {
        let state = try StateDatabase.inMemory()
        try await state.storeScans([.sample("jpeg/1.jpg")], of: .sample("jpeg"), at: .sample, models: ["m"])
        let answer = try await state.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        try await state.database.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET stage = ?, answer_id = ?, content = 'c', recorded = 1, starts = 2, attempts = 3,
                        next_attempt = 1e9, failure = 'before', turn = 4
                    """, arguments: [stage.rawValue, answer.id])
        }
        return state
    }

    @Test(
        "each event leads from the stages that allow it to the one it should, and is refused elsewhere",
        arguments: events)
    func transition(event: Event) async throws {
        for stage in SheetJob.Stage.allCases {
            let state = try await prepared(stage)
            let job = try await state.sampleJob(1)
            guard let next = event.leads[stage] else {
                let error = await #expect(throws: JobTable.RefusedTransition.self, "from \(stage)") {
                    try await state.write { try event.happens($0, job) }
                }
                #expect(error?.from == stage)
                #expect(try await state.sampleJob(1).stage == stage, "what is refused changes nothing")
                continue
            }
            try await state.write { try event.happens($0, job) }
            #expect(try await state.sampleJob(1).stage == next, "from \(stage)")
        }
    }

    @Test("the table of sources and the events agree on every transition that there is")
    func table() {
        for stage in SheetJob.Stage.allCases {
            let reached = Set(
                Self.events.flatMap { event in event.leads.filter { $0.value == stage && $0.key != stage }.map(\.key) })
            let allowed = Set(JobTable.sources(of: stage)).subtracting([stage])
            #expect(reached == allowed, "\(stage)")
        }
    }

    @Test("what went wrong at the stage before is over", arguments: [SheetJob.Stage.new, .asking, .answered, .done])
    func reset(to stage: SheetJob.Stage) async throws {
        let before: SheetJob.Stage = stage == .done ? .answered : .adopting
        let state = try await prepared(before)
        let job = try await state.sampleJob(1)
        try await state.write { tables in
            switch stage {
            case .new: try tables.jobs.reopen(job.sheetID)
            case .asking: try tables.jobs.ask(job)
            case .answered: _ = try tables.jobs.answer(job, content: "c", answer: 1)
            default: _ = try tables.jobs.complete(job, note: nil)
            }
        }
        let after = try await state.sampleJob(1)
        #expect((after.stage, after.starts, after.attempts, after.nextAttempt) == (stage, 0, 0, nil))
        #expect(try await failure(state) == nil)
    }

    @Test("a failure and a note are told, and nothing else of what was before")
    func failed() async throws {
        let state = try await prepared(.asking)
        let job = try await state.sampleJob(1)
        try await state.write { try $0.jobs.fail(job, reason: "too dark") }
        #expect(try await failure(state) == "too dark")
        let other = try await prepared(.answered)
        let answered = try await other.sampleJob(1)
        _ = try await other.write { try $0.jobs.complete(answered, note: "left as it is") }
        #expect(try await failure(other) == "left as it is")
    }

    @Test("work on what a sheet was before moves nothing, and is no error")
    func stale() async throws {
        let state = try await prepared(.asking)
        let job = try await state.sampleJob(1)
        try await state.write { try $0.jobs.reopen(job.sheetID) }
        for event in Self.events where event.testDescription == "fails" || event.testDescription == "is delivered" {
            try await state.write { try event.happens($0, job) }
            #expect(try await state.sampleJob(1).stage == .new)
        }
    }

    private func failure(_ state: StateDatabase) async throws -> String? {
        try await state.database.read { try String.fetchOne($0, sql: "SELECT failure FROM job") }
    }
}
