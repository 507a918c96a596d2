import DAV
import Foundation
import HTTP
import Transcriber

/// Brings a job's files to Nextcloud, where nothing of a person's stands in the way.
struct Publisher: Sendable {
    let state: StateDatabase
    let results: ResultsFolder
    let mover: Mover
    let tally: PassTally
    let timing: Timing

    /// The outcome of publishing a job's result.
    enum Outcome: Sendable {
        /// It is there, or was there before.
        case settled
        /// Something was left as it is, for the reason given.
        case left(reason: String)
    }

    /// Moves the job's files to where its scans lie now, and writes those that are due.
    ///
    /// - Parameter result: what its stored answer makes.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`.
    func publish(_ job: SheetJob, _ result: Result<JobResult?, any Error>) async throws -> Outcome {
        try results.requireServer()
        let left = try await mover.follow(job)
        let outcome = try await publish(job, try result.get())
        return left.map { .left(reason: $0) } ?? outcome
    }

    private func publish(_ job: SheetJob, _ result: JobResult?) async throws -> Outcome {
        guard let result, let place = job.resultPath else { return .settled }
        if let raw = job.rawPath, !result.reading.corrections.isEmpty {
            _ = try await publish(at: raw, job, result) { (Array(result.answer.text.utf8), []) }
        }
        return try await publish(at: place, job, result) {
            let readings = try await state.read { try $0.readings(beside: job) }
            return (result.document(comparing: readings, job).bytes, readings)
        }
    }

    /// - Parameter make: makes the bytes from stored readings, once it is known that they are to be sent: an answer
    ///   that makes them due again while they are made is among them, or seen when they have been sent.
    private func publish(
        at place: RemotePath, _ job: SheetJob, _ result: JobResult,
        _ make: () async throws -> (bytes: [UInt8], readings: [StoredReading])
    ) async throws -> Outcome {
        try await mover.requireRoom(at: place, job)
        var publication = try await due(at: place, job)
        switch publication.state {
        case .published: return .settled
        case .deleted: return .left(reason: Self.deleted(place))
        case .theirs: return .left(reason: Self.theirs(place))
        case .pending, .left: break
        }
        try results.requireUploads()

        let (bytes, readings) = try await make()
        publication.jobID = job.id
        let digest = ContentDigest.hex(of: bytes)
        // A PUT of an earlier run whose answer was lost may have arrived: without its digest we would not know it.
        let wasTried = publication.sending != nil
        if let earlier = publication.sending, earlier != digest, publication.published != earlier {
            publication = try await resume(publication, job)
            if publication.state != .pending { return Self.left(publication) }
        }
        publication.sending = digest
        if results.dav.isNextcloud {
            publication.modified = publication.nextModified(received: result.answer.receivedAt, now: timing.now())
        }
        let sending = publication
        try await state.write { try $0.publications.store(sending) }
        let upload = Upload(bytes: bytes, publication: publication, job: job, wasTried: wasTried)
        return try await conclude(try await send(upload), publication, job, readings)
    }

    /// The facts known of the place, as this job's.
    private func due(at place: RemotePath, _ job: SheetJob) async throws -> Publication {
        let fresh = Publication(path: place, jobID: job.id, state: .pending)
        guard var known = try await state.read({ try $0.publications.publication(place) }) else { return fresh }
        // What was once left there is none of this job's doing.
        if known.state == .left {
            var fresh = fresh
            fresh.modified = known.modified
            return fresh
        }
        // What a sheet that is gone left there is ours to replace.
        if known.jobID != job.id, known.state == .published { known.state = .pending }
        return known
    }

    private func conclude(
        _ action: PublishRule.Action, _ before: Publication, _ job: SheetJob, _ readings: [StoredReading]
    ) async throws -> Outcome {
        var publication = before
        publication.sending = nil
        switch action {
        case .settle(let etag):
            publication.state = .published
            publication.etag = etag?.value
            publication.published = before.sending
            let published = publication
            try await state.write { try $0.storePublished(published, job, readings) }
            if before.isResult { tally.update { $0.published += 1 } }
            return .settled
        case .yield(let etag):
            publication.state = .theirs
            publication.etag = etag?.value
        case .forget:
            publication.state = .deleted
        case .leave, .wait, .replace, .send, .tryLater, .raise: throw try await fault(action, publication)
        }
        let changed = publication
        try await state.write { try $0.publications.storeChange(changed) }
        return Self.left(publication)
    }

    /// Finds out whether other bytes, sent by an earlier run, are there.
    private func resume(_ before: Publication, _ job: SheetJob) async throws -> Publication {
        var publication = before
        // Of bytes that are not at hand any more, no part can be told but none at all.
        let upload = Upload(bytes: [0], publication: before, job: job, wasTried: true)
        // Bytes that may never have arrived were nobody's to delete.
        let action = PublishRule.decide(
            .resumed, found: try await look(upload, mayLeavePart: true), wasThere: upload.wasThere)
        switch action {
        case .settle(let etag):
            publication.published = publication.sending
            publication.etag = etag?.value
        case .yield(let etag):
            publication.state = .theirs
            publication.etag = etag?.value
        case .send(let etag): publication.etag = etag?.value
        case .replace(let etag):
            publication.published = ContentDigest.hex(of: [])
            publication.etag = etag.value
        case .leave, .wait, .tryLater, .raise: throw try await fault(action, publication)
        case .forget:
            publication.state = .deleted
            publication.etag = nil
        }
        publication.sending = nil
        let resumed = publication
        try await state.write { tables in
            if resumed.state == .pending {
                try tables.publications.store(resumed)
            } else {
                try tables.publications.storeChange(resumed)
            }
        }
        return publication
    }

    /// The end of a try for a reason that is no person's doing with our file.
    private func fault(_ action: PublishRule.Action, _ before: Publication) async throws -> WorkFault {
        switch action {
        case .leave(let scan, let etag):
            var publication = before
            publication.state = .left
            publication.etag = etag?.value
            publication.sending = nil
            let left = publication
            try await state.write { try $0.publications.store(left) }
            return .failed(reason: ResultDocument.words(ofOther: scan, at: publication.path))
        case .wait(let reason):
            return .later(reason: reason, after: .seconds(30), counts: true, visible: false)
        case .settle, .yield, .forget, .replace, .send, .tryLater, .raise:
            return .later(
                reason: "\(before.path) changes while it is being replaced", after: .seconds(2), counts: true,
                visible: false)
        }
    }

    private static func left(_ publication: Publication) -> Outcome {
        .left(reason: publication.state == .deleted ? deleted(publication.path) : theirs(publication.path))
    }

    private static func theirs(_ place: RemotePath) -> String {
        "\(place) was written or edited by a person: it stays as it is"
    }

    private static func deleted(_ place: RemotePath) -> String {
        "a person deleted \(place): it is not brought back"
    }
}
