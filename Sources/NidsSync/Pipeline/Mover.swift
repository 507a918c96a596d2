import DAV
import Foundation
import HTTP
import Logging

/// Moves a sheet's files to where its scans lie now, those that people edited too.
struct Mover: Sendable {
    /// Tries in a row after which a file gets out of the way of another that has to go where it lies.
    private static let patienceInCircles = 2

    let state: StateDatabase
    let results: ResultsFolder
    let logger: Logger

    /// Moves the files of a job that do not lie in its place.
    ///
    /// - Returns: the reason why a file stays where it is.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`.
    func follow(_ job: SheetJob) async throws -> String? {
        var note: String?
        for publication in try await state.read({ try $0.publications.all(of: job.id) })
        where publication.state != .left {
            guard let place = publication.isResult ? job.resultPath : job.rawPath, place != publication.path else {
                continue
            }
            note = try await move(publication, to: place, job) ?? note
        }
        return note
    }

    private func move(_ publication: Publication, to place: RemotePath, _ job: SheetJob) async throws -> String? {
        guard publication.mayExist else {
            // What is known of a file there, which has to follow its own sheet, would be lost.
            try await requireRoom(at: place, job)
            try await land(publication, at: place)
            return nil
        }
        do { try await requireRoom(at: place, job) } catch let fault as WorkFault {
            // Two that exchange their names wait for each other: one steps aside.
            let name = ".nids-sync-\(job.id)_\(publication.isResult ? "result" : "raw").json"
            if job.attempts >= Self.patienceInCircles, let aside = place.parent?.appending(name.utf8),
                aside != publication.path
            {
                _ = try await send(publication, to: aside, job)
            }
            throw fault
        }
        return try await send(publication, to: place, job)
    }

    /// A file of another sheet, which has to follow that sheet elsewhere, goes first.
    /// - Throws: `WorkFault.later` while there is one, `DatabaseError`.
    func requireRoom(at place: RemotePath, _ job: SheetJob) async throws {
        guard let other = try await state.read({ try $0.publications.publication(place) }), other.jobID != job.id,
            try await isAboutToMove(other)
        else { return }
        throw WorkFault.later(
            reason: "\(place) has to make room first", after: .seconds(2), counts: true, visible: false)
    }

    private func isAboutToMove(_ publication: Publication) async throws -> Bool {
        guard publication.mayExist, let job = try await state.read({ try $0.jobs.job(publication.jobID) }),
            ![.withdrawing, .withdrawn].contains(job.stage)
        else { return false }
        return publication.path != (publication.isResult ? job.resultPath : job.rawPath)
    }

    private func send(_ before: Publication, to place: RemotePath, _ job: SheetJob) async throws -> String? {
        var publication = before
        publication.movingTo = place
        let moving = publication
        try await state.write { try $0.publications.store(moving) }
        do {
            try await results.move(publication.path, to: place)
        } catch let error as DAVError where error.kind == .preconditionFailed && error.proof != .nothing {
            return try await yield(publication, at: place, job)
        } catch let error as DAVError where error.saysNothingToMove {
            return try await afterVanishing(publication, at: place, wasTried: before.movingTo == place)
        }
        try await land(publication, at: place)
        logger.info("result moved", metadata: ["from": "\(before.path)", "to": "\(place)"])
        return nil
    }

    private func land(_ before: Publication, at place: RemotePath, isPersons: Bool = false) async throws {
        var publication = before
        publication.path = place
        publication.movingTo = nil
        let landed = publication
        try await state.write { try $0.publications.relocate(before, to: landed, isPersons: isPersons) }
    }

    /// Something is there already: both stay.
    private func yield(_ publication: Publication, at place: RemotePath, _ job: SheetJob) async throws -> String? {
        guard let found = try await results.read(place) else {
            throw WorkFault.later(
                reason: "\(place) changes while a result is moved there", after: .seconds(2), counts: true,
                visible: false)
        }
        let note = "\(publication.path) stays where it is: \(place) exists already, and both are kept"
        if found.digest != publication.published, found.document?.otherScan(than: job) != nil {
            // It is nobody's reading of this sheet; publishing tells whose.
            var left = publication
            left.state = .left
            left.movingTo = nil
            let here = left
            try await state.write { try $0.publications.store(here) }
            return note
        }
        var arrived = Publication(
            path: place, jobID: publication.jobID, state: .theirs, etag: found.etag?.value, modified: found.modified)
        if found.digest == publication.published {
            // What was due to be replaced is due there.
            arrived.state = publication.state == .pending ? .pending : .published
            arrived.published = found.digest
        }
        var left = publication
        left.state = .left
        left.movingTo = nil
        let (here, there) = (left, arrived)
        try await state.write { tables in
            try tables.publications.store(here)
            try tables.publications.storeChange(there)
        }
        return note
    }

    /// It is not where it was: an earlier move succeeded, or a person took it away.
    private func afterVanishing(
        _ publication: Publication, at place: RemotePath, wasTried: Bool
    ) async throws -> String? {
        var publication = publication
        guard let found = try await results.read(place, ours: [publication.published, publication.sending]) else {
            // A folder being made by another move at that moment is no person's doing.
            guard try await results.read(publication.path) == nil else {
                throw WorkFault.later(
                    reason: "\(place) cannot be moved to just now", after: .seconds(2), counts: true, visible: false)
            }
            // Bytes that may never have arrived were nobody's to delete.
            publication.state = publication.published == nil && publication.state == .pending ? .pending : .deleted
            publication.sending = nil
            publication.etag = nil
            try await land(publication, at: place, isPersons: publication.state == .deleted)
            return publication.state == .deleted ? "a person deleted \(publication.path): it is not brought back" : nil
        }
        publication.etag = found.etag?.value
        let isOurs = found.digest == publication.published || found.digest == publication.sending
        if !isOurs, !(wasTried && publication.state == .theirs) {
            publication.state = .theirs
            try await land(publication, at: place, isPersons: true)
            return nil
        }
        try await land(publication, at: place)
        return nil
    }
}

extension DAVError {
    /// Set where the server itself says that there is nothing to move, or nowhere to move it to.
    fileprivate var saysNothingToMove: Bool { (kind == .notFound || kind == .conflict) && proof != .nothing }
}
