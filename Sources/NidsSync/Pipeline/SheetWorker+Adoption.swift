import DAV
import Foundation
import HTTP
import Logging
import Transcriber

extension SheetWorker {
    /// The largest result that is read back, in bytes.
    static let resultLimit = 8 << 20

    /// Before anything is paid for, the result's place is looked at, and what lies there is taken over.
    ///
    /// - Parameter content: the sheet's content, where the scan has been downloaded. Without it, only a result that
    ///   names the scan's present tag can be recognised as that content's.
    /// - Returns: the job with what it adopted, `nil` where a model has to be asked.
    func adopt(_ job: SheetJob, content: String? = nil) async throws -> SheetJob? {
        guard let place = job.resultPath else { throw WorkInterruption.failed(reason: "no valid place for its result") }
        guard try await state.publication(place) == nil, try await state.resultExists(place) else { return nil }
        guard let found = try await readResult(place) else { return nil }
        guard let document = try? ResultDocument(parsing: found.bytes) else {
            throw WorkInterruption.failed(
                reason: "\(place) is there already and is not a result (no JSON): remove it, or put it right")
        }
        switch document.author {
        case .foreign, .edited:
            return try await adoptAsTheirs(job, found.bytes, place, found.etag)
        case .ours(let sources):
            guard let known = knownContent(job, sources) ?? content else { return nil }
            return try await adoptAsOurs(job, document, sources, content: known, place, found)
        }
    }

    /// A result of ours names the tags of the scans it was read from: the same strong tags, the same content.
    private func knownContent(_ job: SheetJob, _ sources: [ResultDocument.Source]) -> String? {
        guard dav.isNextcloud, sources.count == job.pages.count else { return nil }
        let same = zip(job.pages, sources).allSatisfy { page, source in
            page.etag != nil && page.etag == source.etag && page.fileID == source.fileID
        }
        return same ? ContentDigest.sheet(pages: sources.map(\.sha256)) : nil
    }

    private func adoptAsTheirs(
        _ job: SheetJob, _ bytes: [UInt8], _ place: RemotePath, _ etag: ETag?
    ) async throws -> SheetJob {
        guard (try? FicheRepair.repair(String(decoding: bytes, as: UTF8.self), promptKind: job.promptKind)) != nil
        else {
            throw WorkInterruption.failed(
                reason: "\(place) is there already and is not a sheet: remove it, or put it right")
        }
        try await state.adoptTheirs(
            job,
            Publication(path: place, jobID: job.id, state: .theirs, etag: etag?.value, sending: nil, published: nil))
        tally.update { $0.adopted += 1 }
        logger.info("result adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)", "as": "a person's"])
        return try await reload(job)
    }

    private func adoptAsOurs(
        _ job: SheetJob, _ document: ResultDocument, _ sources: [ResultDocument.Source], content: String,
        _ place: RemotePath, _ found: (bytes: [UInt8], etag: ETag?)
    ) async throws -> SheetJob? {
        let publication = Publication(
            path: place, jobID: job.id, state: .published, etag: found.etag?.value, sending: nil,
            published: ContentDigest.hex(of: found.bytes))
        let isSameContent = ContentDigest.sheet(pages: sources.map(\.sha256)) == content
        let provenance = document.provenance
        guard isSameContent, (provenance.promptKind ?? job.promptKind) == job.promptKind else {
            // Ours, of other content: it will be replaced, if it is still as we have just seen it.
            try await state.store(publication)
            return nil
        }
        let now = timing.now()
        let answer = try await state.storeAnswer(
            EngineAnswer(
                text: document.sheet.serialized(.canonical), providerModel: provenance.providerModel ?? job.model,
                usage: provenance.usage),
            AnswerKey(content: content, model: job.model, promptKind: job.promptKind),
            promptVersion: provenance.promptVersion ?? 0, askedAt: provenance.askedAt ?? now,
            receivedAt: provenance.receivedAt ?? now, request: nil)
        for (page, source) in zip(job.pages, sources) { try await state.storeDigest(page, sha256: source.sha256) }
        try await state.adoptOurs(job, content: content, answer: answer.id, publication)
        tally.update { $0.adopted += 1 }
        logger.info("result adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)", "as": "ours"])
        return try await reload(job)
    }

    /// The file at a result's place with its tag, `nil` when there is none.
    func readResult(_ place: RemotePath) async throws -> (bytes: [UInt8], etag: ETag?)? {
        do throws(DAVError) {
            return try await dav.get(place, limit: Self.resultLimit)
        } catch {
            if error.kind == .notFound { return nil }
            guard error.kind == .transport(.tooLarge(limit: Self.resultLimit)) else { throw error }
            throw WorkInterruption.failed(
                reason: "\(place) is there already and is no result (too large): remove it, or put it right")
        }
    }
}
