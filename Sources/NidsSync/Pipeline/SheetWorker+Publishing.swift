import DAV
import Foundation
import HTTP
import Transcriber

extension SheetWorker {
    private enum Verdict {
        case published(ETag?)
        case theirs(ETag?)
        /// Ours, but of before: it may be replaced under this tag.
        case previous(ETag?)
        /// It was there, and a person deleted it.
        case deleted
        case absent
    }

    /// What publishing a job's result came to.
    enum Publishing: Sendable {
        /// It is there, or was there before.
        case settled
        /// Something was left as it is, for the reason given.
        case left(reason: String)
    }

    /// Brings a job's files to Nextcloud, where nothing of a person's stands in the way.
    func publish(_ job: SheetJob) async throws -> Publishing {
        try require(.nextcloud)
        let left = try await follow(job)
        let outcome = try await publishResult(job)
        return left.map { .left(reason: $0) } ?? outcome
    }

    private func publishResult(_ job: SheetJob) async throws -> Publishing {
        guard let result = try await result(of: job), let place = job.resultPath else { return .settled }
        if let raw = job.rawPath, !result.reading.corrections.isEmpty {
            _ = try await publish(at: raw, job) { (Array(result.answer.text.utf8), []) }
        }
        return try await publish(at: place, job) {
            let readings = try await state.readings(beside: job)
            return (result.document.with(consensus(of: readings, result, job)).bytes, readings)
        }
    }

    /// - Parameter make: makes the bytes from stored readings, once it is known that they are to be sent: an answer
    ///   that makes them due again while they are made is among them, or seen when they have been sent.
    private func publish(
        at place: RemotePath, _ job: SheetJob, _ make: () async throws -> (bytes: [UInt8], readings: [StoredReading])
    ) async throws -> Publishing {
        try await requireRoom(at: place, job)
        var publication =
            try await state.publication(place)
            ?? Publication(path: place, jobID: job.id, state: .pending)
        // What was once left there is none of this job's doing.
        if publication.state == .left { publication = Publication(path: place, jobID: job.id, state: .pending) }
        // What a sheet that is gone left there is ours to replace.
        if publication.jobID != job.id, publication.state == .published { publication.state = .pending }
        switch publication.state {
        case .published, .deleted: return .settled
        case .theirs: return .left(reason: Self.theirs(place))
        case .pending, .left: break
        }
        try require(.uploads)
        try require(.nextcloud)

        let (bytes, readings) = try await make()
        publication.jobID = job.id
        // A PUT of an earlier run whose answer was lost may have arrived: without its digest we would not know it.
        let earlier = publication.sending
        let digest = ContentDigest.hex(of: bytes)
        if let earlier, earlier != digest, publication.published != earlier {
            publication = try await settleEarlier(publication)
            if publication.state == .theirs { return .left(reason: Self.theirs(place)) }
            if publication.state == .deleted { return .left(reason: Self.deleted(place)) }
        }
        publication.sending = digest
        try await state.store(publication)

        return try await conclude(try await send(bytes, publication), publication, job, readings)
    }

    private func conclude(
        _ verdict: Verdict, _ before: Publication, _ job: SheetJob, _ readings: [StoredReading]
    ) async throws -> Publishing {
        var publication = before
        publication.sending = nil
        switch verdict {
        case .published(let etag):
            publication.state = .published
            publication.etag = etag?.value
            publication.published = before.sending
            try await state.storePublished(publication, job, readings)
            if before.isResult { tally.update { $0.published += 1 } }
            return .settled
        case .theirs(let etag):
            publication.state = .theirs
            publication.etag = etag?.value
            try await storeChange(publication)
            return .left(reason: Self.theirs(publication.path))
        case .deleted:
            publication.state = .deleted
            try await storeChange(publication)
            return .left(reason: Self.deleted(publication.path))
        case .previous, .absent:
            throw WorkInterruption.later(
                reason: "\(publication.path) changes while it is being replaced", after: .seconds(2), counts: true,
                visible: false)
        }
    }

    private static func theirs(_ place: RemotePath) -> String {
        "\(place) was written or edited by a person: it stays as it is"
    }

    private static func deleted(_ place: RemotePath) -> String {
        "a person deleted \(place): it is not brought back"
    }

    /// Finds out whether other bytes, sent by an earlier run, are there.
    private func settleEarlier(_ publication: Publication) async throws -> Publication {
        var publication = publication
        switch try await look(publication) {
        case .published(let etag):
            publication.published = publication.sending
            publication.etag = etag?.value
        case .previous(let etag): publication.etag = etag?.value
        case .theirs(let etag):
            publication.state = .theirs
            publication.etag = etag?.value
        case .absent, .deleted:
            // What was known to be there is gone; bytes that may never have arrived were nobody's to delete.
            if publication.published != nil { publication.state = .deleted }
            publication.etag = nil
        }
        publication.sending = nil
        if publication.state != .pending {
            try await storeChange(publication)
        } else {
            try await state.store(publication)
        }
        return publication
    }

    private func storeChange(_ publication: Publication) async throws {
        if publication.isResult { try await state.storeChange(publication) } else { try await state.store(publication) }
    }

    /// One conditional PUT, and a look at what is there where the outcome is not known from its answer.
    private func send(_ bytes: [UInt8], _ publication: Publication) async throws -> Verdict {
        if publication.published != nil, publication.etag == nil, case .absent = try await look(publication) {
            return .deleted
        }
        let precondition: Precondition =
            publication.published == nil
            ? .absent : publication.etag.flatMap(ETag.init).map(Precondition.unchanged) ?? .absent
        do {
            let outcome = try await uploads.run {
                try await ownUploads.during {
                    try await dav.put(publication.path, bytes, contentType: "application/json", precondition)
                }
            }
            availability.reopen(.uploads)
            if let etag = outcome.etag { return .published(etag) }
        } catch let error as DAVError where error.leavesDoubt {
            return try await afterDoubt(error, bytes, publication)
        }
        let verdict = try await look(publication)
        if case .absent = verdict { return .deleted }
        return verdict
    }

    private func afterDoubt(_ error: DAVError, _ bytes: [UInt8], _ publication: Publication) async throws -> Verdict {
        let verdict = try await look(publication)
        switch verdict {
        case .published, .theirs: return verdict
        case .previous(let etag):
            // Apache's tag is weak in a file's first second, and a weak one never matches: soon it is strong.
            guard error.kind == .preconditionFailed, let etag, !etag.isWeak else {
                if error.kind == .preconditionFailed { return verdict }
                throw error
            }
            try await replace(publication.path, bytes, etag)
            return try await look(publication)
        case .absent:
            // It was there and ours, and the server says that it has changed: a person deleted it.
            let wasThere = publication.published != nil
            if wasThere, error.kind == .preconditionFailed || error.kind == .notFound { return .deleted }
            if error.kind == .preconditionFailed { return verdict }
            throw error
        case .deleted: return verdict
        }
    }

    /// Replaces a file of ours under a tag seen just now; whether it did is for the caller to look at.
    private func replace(_ path: RemotePath, _ bytes: [UInt8], _ etag: ETag) async throws {
        do {
            _ = try await ownUploads.during {
                try await dav.put(path, bytes, contentType: "application/json", .unchanged(etag))
            }
        } catch let error as DAVError where error.kind == .preconditionFailed {
            // Something else is there by now, which the look shows.
        }
    }

    /// Whose the file at a place is, by its bytes.
    private func look(_ publication: Publication) async throws -> Verdict {
        guard let found = try await readResult(publication.path) else { return .absent }
        let digest = ContentDigest.hex(of: found.bytes)
        if digest == publication.sending { return .published(found.etag) }
        if digest == publication.published { return .previous(found.etag) }
        return .theirs(found.etag)
    }
}

extension DAVError {
    /// Whether it takes a look to know what a PUT that failed so has done.
    fileprivate var leavesDoubt: Bool {
        switch kind {
        case .transport(let error): error.mayHaveActed
        case .preconditionFailed, .serverFailure, .locked, .notFound: true
        default: false
        }
    }
}
