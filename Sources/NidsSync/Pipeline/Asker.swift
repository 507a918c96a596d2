import DAV
import Foundation
import Synchronization
import Transcriber

/// Sees to it that a job has an answer: the stored one, that of a result which is there, else a model's.
struct Asker: Sendable {
    /// Starts in a row that ended with the process's death while a scan was read on this machine.
    static let startLimit = 3
    /// The same for a scan that a provider reads, and for a result that is taken over: here it is only downloaded, and
    /// a death more likely chance.
    static let remoteStartLimit = 10

    let state: StateDatabase
    let fetcher: ScanFetcher
    let adopter: Adopter
    let runner: JobRunner
    let engines: EngineSet
    let breaker: CircuitBreaker
    let budget: BudgetGuard
    let spending: MonthlySpending
    let pauses: ModelPauses
    let tally: PassTally
    let timing: Timing
    let stop: StopSignal
    /// Two copies of one scan are not both paid for.
    let answerGate = KeyedGate<AnswerKey>()
    let brake = ModelBrake()

    /// Asks a model about a job's sheet, unless there is an answer.
    /// - Throws: `DatabaseError`, and what is no fault of the sheet.
    func ask(_ id: Int64) async throws -> WorkOutcome {
        try await runner.run(id, at: [.asking], countsStart: true) { job in
            try await ensureAnswer(job) { hashed, content, files in
                try await obtainAnswer(hashed, content: content, files: files)
            }
        }
    }

    /// Makes sure that the job has an answer, or adopts what is there.
    ///
    /// - Parameter obtain: sees to it that a model answers for a content that has no answer yet.
    /// - Returns: where the job goes on.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`, and what `obtain` throws.
    func ensureAnswer(
        _ job: SheetJob, obtaining obtain: (SheetJob, String, [SpooledPage]) async throws -> WorkOutcome
    ) async throws -> WorkOutcome {
        guard !job.pages.isEmpty else { throw WorkFault.superseded }
        try refuseDeadly(job)
        let isTheirs = try await state.write { tables in
            // Nothing of ours could take its place, so nothing is paid for; nor for what a person deleted that was not
            // ours either.
            guard
                try tables.publications.hasTheirs(job.id)
                    || job.content == nil && tables.publications.isPersons(job.id)
            else { return false }
            try tables.jobs.adoptTheirs(job)
            return true
        }
        if isTheirs { return .goesOn(.delivering) }
        if let content = job.knownContent, let settled = try await settle(job, job.key(content)) { return settled }
        return try await fetcher.fetch(job) { files in
            let hashed = try await runner.reload(job)
            let content = ContentDigest.sheet(pages: files.map(\.sha256))
            if try await adopter.adopt(hashed, content: content) { return .goesOn(.delivering) }
            return try await obtain(hashed, content, files)
        }
    }

    /// A scan on which the program has died several times is not tried again.
    private func refuseDeadly(_ job: SheetJob) throws(WorkFault) {
        let limit = engines[job.model]?.runsHere == false ? Self.remoteStartLimit : Self.startLimit
        guard job.starts > limit else { return }
        throw .failed(reason: "the program died \(limit) times on this scan: it is set aside; look at the file")
    }

    /// Gives the job the stored answer for a key, or has it wait for the batch that will bring one.
    ///
    /// - Returns: `nil` where a model has to be asked.
    /// - Throws: `DatabaseError`.
    func settle(_ job: SheetJob, _ key: AnswerKey) async throws -> WorkOutcome? {
        switch try await state.write({ try $0.settle(job, key) }) {
        case .answered: .goesOn(.delivering)
        case .awaited: .ended
        case nil: nil
        }
    }

    /// Throws when a model is not to be asked for a content now, or never again.
    ///
    /// - Returns: the ends of the requests for it so far.
    /// - Throws: `WorkFault`, `CancellationError`, `DatabaseError`.
    @discardableResult
    func requireAskable(_ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey) async throws -> RequestHistory {
        try breaker.require(.model(job.model))
        if stop.isRequested { throw CancellationError() }
        try await budget.requireMoney(for: job.model)
        let history = try await state.read { try $0.requests.history(key) }
        if !engine.isLocal, let reason = history.futility { throw WorkFault.failed(reason: reason) }
        return history
    }

    /// Gives the body the pages as the model takes them.
    /// - Throws: `WorkFault`, and what the body throws.
    func convert<Value: Sendable>(
        _ files: [SpooledPage], for engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey,
        _ body: ([TranscriptionRequest.Page]) async throws -> Value
    ) async throws -> Value {
        let pages = files.map(\.requestPage)
        guard let converter = engine.converter else { return try await body(pages) }
        let work: Result<Value, any Error>
        do {
            work = try await converter.convert(pages) { ready in
                do { return .success(try await body(ready)) } catch { return .failure(error) }
            }
        } catch {
            throw try await fault(for: error, job, key)
        }
        return try work.get()
    }
}
