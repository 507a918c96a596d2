import DAV
import Foundation
import Logging
import Transcriber

/// Records readings in the database of observations. A model's reading needs no Nextcloud: only a person's is read there.
struct Recorder: Sendable {
    let state: StateDatabase
    let observations: any ObservationStore
    let names: NameReference
    /// `nil` while Nextcloud is out of reach.
    let results: ResultsFolder?
    let breaker: CircuitBreaker
    /// The root folder's name, which is part of a sheet's key.
    let root: String
    /// The label of the primary model.
    let primary: String?
    let tally: PassTally
    let logger: Logger
    /// Rows are moved one after the other: two that exchange their names would withdraw each other's.
    private let moving = Limiter(1)

    /// Records what a job's result says, or that a person took it away.
    ///
    /// - Parameter result: what its stored answer makes, where that is known already.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`.
    func record(_ job: SheetJob, _ result: Result<JobResult?, any Error>? = nil) async throws {
        try breaker.require(.observations)
        let publication = try await state.read { tables in
            try tables.publications.all(of: job.id).first { $0.isResult && $0.state != .left }
        }
        do {
            try await moveRows(job)
            switch publication?.state {
            case .deleted:
                try await observations.withdraw(
                    key(of: job), model: job.model, reason: "a person deleted the result in Nextcloud")
                try await state.write { try $0.jobs.markPersonsRecorded(job) }
            case .theirs:
                guard let place = publication?.path, let reading = try await theirs(job, place) else { return }
                try await observations.record(reading)
                try await state.write { try $0.jobs.markPersonsRecorded(job) }
                tally.update { $0.recorded += 1 }
            default:
                let made = if let result { try result.get() } else { try await JobResult(of: job, state, names) }
                guard let made else { return }
                // One that is still to be published goes to its own place, wherever it lies now.
                let place = job.isPublished ? publication?.path : nil
                let priority = try await priority(of: job, made)
                try await observations.record(reading(job, made, at: place ?? job.resultPath, priority: priority))
                // Another model's answer may have come while it was recorded.
                if state.models.count > 1 { try await renewPriorities(job, made, recorded: priority) }
                try await state.write { try $0.jobs.markRecorded(job) }
                tally.update { $0.recorded += 1 }
            }
            breaker.recordSuccess(.observations)
        } catch let error as ObservationError {
            throw fault(for: error)
        }
    }

    private func renewPriorities(_ job: SheetJob, _ result: JobResult, recorded: Int?) async throws {
        let renewed = try await priority(of: job, result)
        if renewed != recorded {
            try await observations.setPriority(renewed, of: key(of: job), model: job.model)
        }
        try await renewPriority(beside: job)
    }

    /// A person's reading; where the file is none, its rows stay, and tell where it is.
    private func theirs(_ job: SheetJob, _ place: RemotePath) async throws -> ObservationReading? {
        do { return try await theirReading(job, place) } catch let fault as WorkFault {
            if case .failed = fault {
                try await observations.setResultPath(place.description, of: key(of: job), model: job.model)
            }
            throw fault
        }
    }

    /// Records a model's reading where no person's stands in its place, as far as is known before it is published.
    /// - Throws: `WorkFault`, `DatabaseError`.
    func recordUnlessTheirs(_ job: SheetJob, _ result: Result<JobResult?, any Error>) async throws {
        guard !job.isRecorded else { return }
        let results = try await state.read { try $0.publications.all(of: job.id) }.filter(\.isResult)
        if results.contains(where: { [.theirs, .deleted].contains($0.state) }) { return }
        // A result of before may have been edited meanwhile, which publishing will see.
        try await record(job, result)
    }

    /// The scans are gone: the rows stay, and no view shows them.
    /// - Throws: `WorkFault`, `DatabaseError`.
    func withdraw(_ job: SheetJob) async throws {
        try breaker.require(.observations)
        let read = try await state.read { try $0.variants.recordedPath(insteadOf: job.sheetID) }
        if let path = job.recordedPath, let read {
            try await moveRows(of: job, from: path, to: read)
        } else if let path = job.recordedPath, !(try await isRecordedByOther(path, job)) {
            do throws(ObservationError) {
                try await observations.withdraw(
                    SheetKey(root: root, path: path.bytes), model: job.model,
                    reason: "the scan is no longer in Nextcloud")
            } catch {
                throw fault(for: error)
            }
            breaker.recordSuccess(.observations)
            tally.update { $0.withdrawn += 1 }
            logger.info("scan gone: rows withdrawn", metadata: ["path": "\(path)", "model": "\(job.model)"])
        }
        try await state.write { try $0.jobs.completeWithdrawal(job) }
    }

    /// Another preparation of the sheet is read: all its readings belong to one row, a person's first.
    private func moveRows(of job: SheetJob, from path: RemotePath, to read: RemotePath) async throws {
        if path != read, !(try await isRecordedByOther(path, job)) {
            do throws(ObservationError) {
                try await observations.move(
                    from: SheetKey(root: root, path: path.bytes), to: SheetKey(root: root, path: read.bytes))
            } catch {
                throw fault(for: error)
            }
            breaker.recordSuccess(.observations)
        }
        try await state.write { try $0.variants.forgetRecordedPath(job.sheetID) }
    }

    /// A sheet's rows follow its scans.
    private func moveRows(_ job: SheetJob) async throws {
        guard job.recordedPath != job.path else { return }
        try await moving.run { try await moveRows(job, from: try await recordedPath(of: job)) }
    }

    /// As it is by now: another sheet may have taken it over while this one waited.
    private func recordedPath(of job: SheetJob) async throws -> RemotePath? {
        try await state.read { try $0.jobs.job(job.id)?.recordedPath }
    }

    private func moveRows(_ job: SheetJob, from old: RemotePath?) async throws {
        // What stands there of every model is the reading of a scan that lies elsewhere by now, or nowhere.
        if try await isRecordedByOther(job.path, job) {
            try await observations.withdraw(
                key(of: job), model: nil, reason: "the scan of it lies elsewhere now, and another one in its place")
        }
        // Where two exchanged their names, the other's record has taken these rows' place.
        if let old, old != job.path, !(try await isRecordedByOther(old, job)) {
            let place = SheetKey(root: root, path: old.bytes)
            if try await isExchanging(job, from: old) {
                // Or will take it; one that fails from now on never does.
                try await observations.withdraw(place, model: nil, reason: "the scan of it lies elsewhere now")
            } else {
                try await observations.move(from: place, to: key(of: job))
            }
        }
        try await state.write { try $0.sheets.storeRecordedPath(job.sheetID, job.path) }
    }

    /// `true` where another sheet has rows at the new place, and its scan lies at the old one.
    private func isExchanging(_ job: SheetJob, from old: RemotePath) async throws -> Bool {
        let path = job.path
        return try await state.read { tables in
            let isTaken = try tables.sheets.isRecordedByOther(path, than: job.sheetID)
            return try isTaken && tables.sheets.hasOthersScan(old, than: job.sheetID)
        }
    }

    private func isRecordedByOther(_ path: RemotePath, _ job: SheetJob) async throws -> Bool {
        try await state.read { try $0.sheets.isRecordedByOther(path, than: job.sheetID) }
    }

    private func fault(for error: ObservationError) -> WorkFault {
        switch error {
        case .rejected(_, let reason): return .failed(reason: "its observations cannot be recorded: \(reason)")
        case .unreachable, .refused, .misconfigured:
            breaker.open(.observations, error.outage)
            return .waiting(reason: "\(error)")
        }
    }
}

extension ObservationError {
    /// The exit status of a command that met it.
    public var status: ExitStatus { outage.status }

    /// The outage that keeps every sheet from being recorded.
    var outage: Outage {
        switch self {
        case .unreachable: .observations("\(self)")
        case .refused: .observationsRefused("\(self)")
        case .misconfigured, .rejected: .observationsMisconfigured("\(self)")
        }
    }
}
