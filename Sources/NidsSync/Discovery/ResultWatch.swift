import DAV
import Foundation
import Logging

/// Looks at files of ours that changed without our doing: Nextcloud is the truth, whoever wrote there.
struct ResultWatch: Sendable {
    /// The time by our clock after which a file that was read too soon is read again.
    private static let settling: TimeInterval = 2

    let state: StateDatabase
    let reader: ResultReader
    let logger: Logger
    let now: @Sendable () -> Date
    /// The choice among preparations of one sheet, made anew where a person wrote the result of one that stands by.
    let readings: VariantReadings

    init(
        state: StateDatabase, dav: DAVClient, logger: Logger, now: @escaping @Sendable () -> Date,
        readings: VariantReadings
    ) {
        self.readings = readings
        self.state = state
        reader = ResultReader(state: state, dav: dav)
        self.logger = logger
        self.now = now
    }

    /// Finds out what happened to each, and has the database told where a person did something.
    ///
    /// - Returns: what people should know of some of them.
    /// - Throws: `DAVError` where the server as a whole fails, `DatabaseError`.
    func look(at paths: [RemotePath]) async throws -> [(path: String, reason: String)] {
        var notes: [(path: String, reason: String)] = []
        for path in paths {
            // What is on its way to another place is looked at there.
            if let publication = try await state.read({ try $0.publications.publication(path) }),
                ![.pending, .left].contains(publication.state),
                publication.movingTo == nil
            {
                do {
                    if let note = try await look(at: publication) { notes.append((path.description, note)) }
                } catch let error as DAVError {
                    try await reader.dav.requireServer(after: error)
                    // One file that cannot be read is no reason to overlook the others.
                    logger.warning("result not looked at", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
                    notes.append((path.description, "changed, and cannot be looked at just now: \(error.detail)"))
                    continue
                }
            }
            try await state.write { try $0.publications.mark(path, isChanged: false) }
        }
        return notes
    }

    private func look(at before: Publication) async throws -> String? {
        switch try await reader.read(before.path) {
        case .absent: return try await conclude(absenceOf: before)
        case .tooLarge:
            return "it is too large for a result now: it is left there, and not recorded"
        case .file(let found):
            let again = found.mayChangeUnseen ? now().addingTimeInterval(Self.settling) : nil
            let known = try await state.read { try $0.resultFiles.listed(before.path) }?.digest
            let note = try await conclude(found, before, isKnown: known == found.digest)
            try await state.write {
                try $0.resultFiles.noteRead(before.path, digest: found.digest, again: again)
            }
            return note
        }
    }

    private func conclude(absenceOf before: Publication) async throws -> String? {
        guard before.state != .deleted else { return nil }
        guard try await ReadableNeighbours(state: state, dav: reader.dav).isReadable(near: before.path) else {
            throw ReadableNeighbours.doubt(before.path)
        }
        let job = try await state.read { try $0.jobs.job(before.jobID) }
        if before.published == nil, job?.stage == .failed {
            try await state.write { try $0.makeWay(before) }
            return nil
        }
        if let job, let moved = try await StrayResults(state: state, reader: reader).find(before, of: job) {
            logger.notice("a person moved a result", metadata: ["from": "\(before.path)", "to": "\(moved.path)"])
            try await state.write { tables in
                guard try tables.publications.publication(before.path) == before else { return }
                // Recorded once more: the rows tell where it lies.
                try tables.publications.relocate(before, to: moved, isPersons: true)
            }
            return nil
        }
        logger.notice("a person deleted a result: it is not brought back", metadata: ["path": "\(before.path)"])
        var publication = before
        publication.state = .deleted
        publication.etag = nil
        try await replace(before, with: publication, isPersons: true)
        return nil
    }

    /// - Parameter isKnown: `true` where it was last read with this content.
    private func conclude(
        _ found: ResultReader.Found, _ before: Publication, isKnown: Bool
    ) async throws -> String? {
        let job = try await state.read { try $0.jobs.job(before.jobID) }
        var publication = before
        publication.etag = found.etag?.value
        switch ResultOrigin(found.bytes, before, job) {
        case .asWritten:
            publication.state = .published
            publication.published = found.digest
            try await replace(before, with: publication, isPersons: before.state != .published)
            return nil
        case .nothing where before.state == .published && before.published != nil:
            publication.state = .pending
            let emptied = publication
            try await state.write { tables in
                guard try tables.publications.publication(before.path) == before else { return }
                try tables.publications.store(emptied)
                if let job { try tables.jobs.publishAnew(job.sheetID, model: job.model) }
            }
            return "an empty file or a web page lay in its place: it is written again"
        case .nothing:
            return "an empty file or a web page lies in its place: it is left there, and not recorded"
        case .ofAnotherScan(let path):
            let note = "it is our result of another scan (\(path)): a person put it there, and it is left there"
            publication.state = .published
            publication.published = found.digest
            try await replace(before, with: publication, isPersons: false)
            try await state.write { try $0.jobs.note(before.jobID, note) }
            return note
        case .persons:
            publication.state = .theirs
            let isNew = !(before.state == .theirs && isKnown)
            if isNew { logger.notice("a person edited a result: theirs is kept", metadata: ["path": "\(before.path)"]) }
            try await replace(before, with: publication, isPersons: isNew)
            if isNew, let job { try await readings.chooseAnew(beside: job.sheetID) }
            return nil
        }
    }

    private func replace(_ before: Publication, with publication: Publication, isPersons: Bool) async throws {
        try await state.write { try $0.publications.replace(before, with: publication, isPersons: isPersons) }
    }
}
