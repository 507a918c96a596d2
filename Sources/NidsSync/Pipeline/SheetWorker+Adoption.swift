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
    /// - Returns: what it adopted, `nil` where a model has to be asked.
    func adopt(_ job: SheetJob, content: String?) async throws -> Publication? {
        guard let place = job.resultPath else { throw WorkInterruption.failed(reason: "no valid place for its result") }
        guard try await state.publication(place) == nil, try await state.resultExists(place) else { return nil }
        guard let found = try await readResult(place) else { return nil }
        guard let document = try? ResultDocument(parsing: found.bytes) else {
            try await watch(place, job, found.etag)
            throw WorkInterruption.failed(
                reason: "\(place) is there already and is not a result (no JSON): remove it, or put it right")
        }
        switch document.author {
        case .foreign, .edited:
            if knownContent(job, document.sources) != nil {
                for (page, source) in zip(job.pages, document.sources) {
                    try await state.storeDigest(page, sha256: source.sha256)
                }
            }
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

    /// When what stands in the way is put right, or removed, the sheet goes on.
    private func watch(_ place: RemotePath, _ job: SheetJob, _ etag: ETag?) async throws {
        try await state.store(Publication(path: place, jobID: job.id, state: .theirs, etag: etag?.value))
    }

    /// Whether a result was read from these pages and others, which are gone: less is no new content.
    private func covers(_ sources: [ResultDocument.Source], _ job: SheetJob) -> Bool {
        let digests = job.pages.compactMap(\.sha256)
        return !digests.isEmpty && digests.count == job.pages.count && digests.count < sources.count
            && digests.allSatisfy { digest in sources.contains { $0.sha256 == digest } }
    }

    private func adoptAsTheirs(
        _ job: SheetJob, _ bytes: [UInt8], _ place: RemotePath, _ etag: ETag?
    ) async throws -> Publication {
        guard (try? FicheRepair.repair(String(decoding: bytes, as: UTF8.self), promptKind: job.promptKind)) != nil
        else {
            try await watch(place, job, etag)
            throw WorkInterruption.failed(
                reason: "\(place) is there already and is not a sheet: remove it, or put it right")
        }
        let publication = Publication(path: place, jobID: job.id, state: .theirs, etag: etag?.value)
        try await state.adoptTheirs(job, publication)
        tally.update { $0.adopted += 1 }
        logger.info("result adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)", "as": "a person's"])
        return publication
    }

    private func adoptAsOurs(
        _ job: SheetJob, _ document: ResultDocument, _ sources: [ResultDocument.Source], content: String,
        _ place: RemotePath, _ found: (bytes: [UInt8], etag: ETag?)
    ) async throws -> Publication? {
        let publication = Publication(
            path: place, jobID: job.id, state: .published, etag: found.etag?.value,
            published: ContentDigest.hex(of: found.bytes))
        let sourceContent = ContentDigest.sheet(pages: sources.map(\.sha256))
        let isSameContent = sourceContent == content || covers(sources, job)
        let provenance = document.provenance
        guard isSameContent, (provenance.promptKind ?? job.promptKind) == job.promptKind else {
            // Ours, of other content: it will be replaced, if it is still as we have just seen it.
            try await state.store(publication)
            return nil
        }
        let now = timing.now()
        let price = engines[job.model]?.price
        let received = ReceivedAnswer(
            answer: EngineAnswer(
                text: document.sheet.serialized(.canonical), providerModel: provenance.providerModel ?? job.model,
                usage: provenance.usage),
            promptVersion: provenance.promptVersion ?? 0, askedAt: provenance.askedAt ?? now,
            receivedAt: provenance.receivedAt ?? now,
            cost: provenance.usage.flatMap { price?.cost(of: $0, inBatch: provenance.isOfBatch) },
            isOfBatch: provenance.isOfBatch, remarks: document.remarks)
        let answer = try await state.storeAnswer(received, key(of: job, sourceContent), request: nil, job: nil)
        if received.receivedAt >= Purse.month(of: now).start { purse.pay(received.cost) }
        if sources.count == job.pages.count {
            for (page, source) in zip(job.pages, sources) { try await state.storeDigest(page, sha256: source.sha256) }
        }
        try await state.adoptOurs(
            job, content: sourceContent, answer: answer.id, compared: document.comparedModels, publication)
        tally.update { $0.adopted += 1 }
        logger.info("result adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)", "as": "ours"])
        return publication
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
