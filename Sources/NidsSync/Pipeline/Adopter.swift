import DAV
import Foundation
import Logging
import Transcriber

/// Takes over what lies at a result's place, before anything is paid for.
struct Adopter: Sendable {
    let state: StateDatabase
    let results: ResultsFolder
    let engines: EngineSet
    let spending: MonthlySpending
    let runner: JobRunner
    let tally: PassTally
    let timing: Timing
    let logger: Logger

    /// Looks at a job's result, or finds that a model has to be asked.
    /// - Throws: `DatabaseError`, and what is no fault of the sheet.
    func adopt(_ id: Int64) async throws -> WorkOutcome {
        try await runner.run(id, at: [.adopting], countsStart: true) { job in
            try await refuseDeadly(job)
            if try await adopt(job, content: nil) { return .goesOn(.delivering) }
            try await state.write { try $0.jobs.ask(job) }
            return .goesOn(.asking(model: job.model))
        }
    }

    /// Looks at the place of a job's result and takes over what lies there.
    ///
    /// - Parameter content: the sheet's content, where the scan has been downloaded. Without it, only a result that
    ///   names the scan's present ETag can be recognised as that content's.
    /// - Returns: `false` where a model has to be asked.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`.
    func adopt(_ job: SheetJob, content: String?) async throws -> Bool {
        guard let place = job.resultPath else { throw WorkFault.failed(reason: "no valid place for its result") }
        let isThere = try await state.read { tables in
            try tables.publications.publication(place) == nil && tables.resultFiles.exists(place)
        }
        guard isThere, let found = try await results.read(place) else { return false }
        guard let document = found.document else {
            try await watch(place, job, found.etag)
            throw WorkFault.failed(
                reason: "\(place) is there already and is not a result (\(Self.words(found))): remove it, or put it "
                    + "right")
        }
        switch document.author {
        case .foreign, .edited:
            if knownContent(job, document.sources) != nil { try await storeDigests(job, document.sources) }
            try await adoptAsTheirs(job, place, found)
            return true
        case .ours(let sources):
            guard let known = knownContent(job, sources) ?? content else { return false }
            if let scan = document.otherScan(than: job) {
                try await watch(place, job, found.etag)
                throw WorkFault.failed(reason: ResultDocument.words(ofOther: scan, at: place))
            }
            return try await adoptAsOurs(job, document, sources, content: known, place, found)
        }
    }

    /// A result on which the program has died again and again is not looked at any more, until it is another.
    private func refuseDeadly(_ job: SheetJob) async throws {
        guard job.starts > Asker.remoteStartLimit, let place = job.resultPath else { return }
        try await watch(place, job, try await state.read { try $0.resultFiles.etag(of: place) }.flatMap(ETag.init))
        throw WorkFault.failed(
            reason: "the program died \(Asker.remoteStartLimit) times while it read \(place), which is there already: "
                + "remove it, or put it right")
    }

    private static func words(_ found: ResultsFolder.Found) -> String {
        if found.isTooLarge { return "too large" }
        return found.bytes.isEmpty ? "it is empty" : "no JSON"
    }

    /// A result of ours names the ETags of the scans it was read from: the same strong ETags, the same content.
    private func knownContent(_ job: SheetJob, _ sources: [ResultDocument.Source]) -> String? {
        guard results.dav.isNextcloud, sources.count == job.pages.count else { return nil }
        let same = zip(job.pages, sources).allSatisfy { page, source in
            page.etag != nil && page.etag == source.etag && page.fileID == source.fileID
        }
        return same ? ContentDigest.sheet(pages: sources.map(\.sha256)) : nil
    }

    private func storeDigests(_ job: SheetJob, _ sources: [ResultDocument.Source]) async throws {
        try await state.write { tables in
            for (page, source) in zip(job.pages, sources) {
                try tables.scans.storeDigest(page, sha256: source.sha256)
            }
        }
    }

    /// Watches what stands in the way: once it is put right, or removed, the sheet goes on.
    private func watch(_ place: RemotePath, _ job: SheetJob, _ etag: ETag?) async throws {
        let publication = Publication(path: place, jobID: job.id, state: .theirs, etag: etag?.value)
        try await state.write { try $0.publications.store(publication) }
    }

    private func adoptAsTheirs(_ job: SheetJob, _ place: RemotePath, _ found: ResultsFolder.Found) async throws {
        let text = String(decoding: found.bytes, as: UTF8.self)
        guard (try? FicheRepair.repair(text, promptKind: job.promptKind)) != nil else {
            try await watch(place, job, found.etag)
            throw WorkFault.failed(reason: "\(place) is there already and is not a sheet: remove it, or put it right")
        }
        let publication = Publication(path: place, jobID: job.id, state: .theirs, etag: found.etag?.value)
        try await state.write { try $0.adoptTheirs(job, publication) }
        noteAdopted(job, as: "a person's")
    }
}

extension Adopter {
    private func adoptAsOurs(
        _ job: SheetJob, _ document: ResultDocument, _ sources: [ResultDocument.Source], content: String,
        _ place: RemotePath, _ found: ResultsFolder.Found
    ) async throws -> Bool {
        let publication = Publication(
            path: place, jobID: job.id, state: .published, etag: found.etag?.value, published: found.digest,
            modified: found.modified)
        let sourceContent = ContentDigest.sheet(pages: sources.map(\.sha256))
        let isSameContent = sourceContent == content || covers(sources, job)
        guard isSameContent, (document.provenance.promptKind ?? job.promptKind) == job.promptKind else {
            // Ours, of other content: it will be replaced, if it is still as we have just seen it.
            try await state.write { try $0.publications.store(publication) }
            return false
        }
        let received = received(document, job)
        let key = job.key(sourceContent)
        let answer = try await state.write { try $0.storeAnswer(received, key, request: nil) }
        spending.pay(received.cost, at: received.receivedAt, now: timing.now())
        if sources.count == job.pages.count { try await storeDigests(job, sources) }
        let compared = document.comparedModels
        try await state.write { tables in
            try tables.adoptOurs(job, content: sourceContent, answer: answer.id, compared: compared, publication)
        }
        noteAdopted(job, as: "ours")
        return true
    }

    /// `true` when a result was read from these pages and others, which are gone: less is no new content.
    private func covers(_ sources: [ResultDocument.Source], _ job: SheetJob) -> Bool {
        let digests = job.pages.compactMap(\.sha256)
        return !digests.isEmpty && digests.count == job.pages.count && digests.count < sources.count
            && digests.allSatisfy { digest in sources.contains { $0.sha256 == digest } }
    }

    /// The answer as a result of ours tells of it.
    private func received(_ document: ResultDocument, _ job: SheetJob) -> ReceivedAnswer {
        let price = engines[job.model]?.price
        var received = document.received(label: job.model, now: timing.now())
        received.cost = received.answer.usage.flatMap { price?.cost(of: $0, inBatch: received.isOfBatch) }
        return received
    }

    private func noteAdopted(_ job: SheetJob, as whose: String) {
        tally.update { $0.adopted += 1 }
        logger.info("result adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)", "as": "\(whose)"])
    }
}
