import DAV
import Foundation
import Logging

/// Looks at files of ours that changed without our doing: Nextcloud is the truth, whoever wrote there.
struct ResultWatch: Sendable {
    let state: StateDatabase
    let dav: DAVClient
    let logger: Logger

    /// Finds out what happened to each, and has the database told where a person did something.
    /// - Throws: `DAVError` where the server as a whole fails, `DatabaseError`.
    func look(at paths: [RemotePath]) async throws {
        for path in paths {
            // What is on its way to another place is looked at there.
            if let publication = try await state.read({ try $0.publications.publication(path) }),
                ![.pending, .left].contains(publication.state),
                publication.movingTo == nil
            {
                do { try await look(at: publication) } catch let error as DAVError where !error.concernsServer {
                    // One file that cannot be read is no reason to overlook the others.
                    logger.warning("result not looked at", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
                    continue
                }
            }
            try await state.write { try $0.publications.mark(path, isChanged: false) }
        }
    }

    private func look(at before: Publication) async throws {
        var publication = before
        let found = try await read(before.path)
        guard let found else {
            guard before.state != .deleted else { return }
            if before.published == nil, try await state.read({ try $0.jobs.job(before.jobID) })?.stage == .failed {
                return try await state.write { try $0.makeWay(before) }
            }
            logger.notice("a person deleted a result: it is not brought back", metadata: ["path": "\(before.path)"])
            publication.state = .deleted
            publication.etag = nil
            return try await replace(before, with: publication, isPersons: true)
        }
        publication.etag = found.etag?.value
        let digest = ContentDigest.hex(of: found.bytes)
        if digest == before.published || digest == before.sending {
            publication.state = .published
            publication.published = digest
            if before.state == .published {
                return try await replace(before, with: publication, isPersons: false)
            }
        } else {
            logger.notice("a person edited a result: theirs is kept", metadata: ["path": "\(before.path)"])
            publication.state = .theirs
        }
        try await replace(before, with: publication, isPersons: true)
    }

    private func replace(_ before: Publication, with publication: Publication, isPersons: Bool) async throws {
        try await state.write { try $0.publications.replace(before, with: publication, isPersons: isPersons) }
    }

    private func read(_ path: RemotePath) async throws -> (bytes: [UInt8], etag: ETag?)? {
        do throws(DAVError) {
            return try await dav.get(path, limit: ResultDocument.maximumSize)
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }
}
