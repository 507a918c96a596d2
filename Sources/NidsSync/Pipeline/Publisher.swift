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

    /// The outcome of publishing a job's result.
    enum Outcome: Sendable {
        /// It is there, or was there before.
        case settled
        /// Something was left as it is, for the reason given.
        case left(reason: String)
    }

    /// Moves the job's files to where its scans lie now, and writes those that are due.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`.
    func publish(_ job: SheetJob) async throws -> Outcome {
        try results.requireServer()
        let left = try await mover.follow(job)
        let outcome = try await publishResult(job)
        return left.map { .left(reason: $0) } ?? outcome
    }

    private func publishResult(_ job: SheetJob) async throws -> Outcome {
        guard let result = try await JobResult(of: job, state), let place = job.resultPath else { return .settled }
        if let raw = job.rawPath, !result.reading.corrections.isEmpty {
            _ = try await publish(at: raw, job) { (Array(result.answer.text.utf8), []) }
        }
        return try await publish(at: place, job) {
            let readings = try await state.read { try $0.readings(beside: job) }
            return (result.document(comparing: readings, job).bytes, readings)
        }
    }

    /// - Parameter make: makes the bytes from stored readings, once it is known that they are to be sent: an answer
    ///   that makes them due again while they are made is among them, or seen when they have been sent.
    private func publish(
        at place: RemotePath, _ job: SheetJob, _ make: () async throws -> (bytes: [UInt8], readings: [StoredReading])
    ) async throws -> Outcome {
        try await mover.requireRoom(at: place, job)
        var publication = try await due(at: place, job)
        switch publication.state {
        case .published, .deleted: return .settled
        case .theirs: return .left(reason: Self.theirs(place))
        case .pending, .left: break
        }
        try results.requireUploads()

        let (bytes, readings) = try await make()
        publication.jobID = job.id
        let digest = ContentDigest.hex(of: bytes)
        // A PUT of an earlier run whose answer was lost may have arrived: without its digest we would not know it.
        if let earlier = publication.sending, earlier != digest, publication.published != earlier {
            publication = try await resume(publication)
            if publication.state != .pending { return Self.left(publication) }
        }
        publication.sending = digest
        let sending = publication
        try await state.write { try $0.publications.store(sending) }
        return try await conclude(try await send(bytes, publication), publication, job, readings)
    }

    /// The facts known of the place, as this job's.
    private func due(at place: RemotePath, _ job: SheetJob) async throws -> Publication {
        let fresh = Publication(path: place, jobID: job.id, state: .pending)
        guard var known = try await state.read({ try $0.publications.publication(place) }) else { return fresh }
        // What was once left there is none of this job's doing.
        if known.state == .left { return fresh }
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
        case .replace, .send, .tryLater, .raise:
            throw WorkFault.later(
                reason: "\(publication.path) changes while it is being replaced", after: .seconds(2), counts: true,
                visible: false)
        }
        let changed = publication
        try await state.write { try $0.publications.storeChange(changed) }
        return Self.left(publication)
    }

    /// Finds out whether other bytes, sent by an earlier run, are there.
    private func resume(_ before: Publication) async throws -> Publication {
        var publication = before
        // Bytes that may never have arrived were nobody's to delete.
        switch PublishRule.decide(.resumed, found: try await look(before), wasThere: before.published != nil) {
        case .settle(let etag):
            publication.published = publication.sending
            publication.etag = etag?.value
        case .yield(let etag):
            publication.state = .theirs
            publication.etag = etag?.value
        case .send(let etag): publication.etag = etag?.value
        case .forget, .replace, .tryLater, .raise:
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
