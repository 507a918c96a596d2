import DAV
import Foundation
import Logging
import Transcriber

/// Reads, once, the results that lie at the places of preparations which stand by: they were paid for, or are a
/// person's, which come first.
struct VariantReadings: Sendable {
    let state: StateDatabase
    let reader: ResultReader
    let variants: VariantFolders
    let models: [String]
    let pairWait: Duration
    let logger: Logger
    let now: @Sendable () -> Date

    /// Stores what they say, before anything is asked about their sheets.
    ///
    /// - Throws: `DAVError` where the server as a whole fails, `DatabaseError`.
    func gather() async throws {
        for id in try await state.read({ try $0.variants.unread() }) {
            guard let job = try await state.read({ try $0.jobs.job(id) }), let place = job.resultPath else { continue }
            do { try await take(job, place) } catch let error as DAVError {
                try await reader.dav.requireServer(after: error)
                // The next look reads it again; its sheet waits.
                logger.info("result not read", metadata: ["path": "\(place)", "reason": "\(error.detail)"])
            }
        }
    }

    private func take(_ job: SheetJob, _ place: RemotePath) async throws {
        guard case .file(let found) = try await reader.read(place),
            let document = try? ResultDocument(parsing: found.bytes)
        else { return try await stand(job, nil) }
        switch document.author {
        case .ours(let sources):
            let publication = Publication(
                path: place, jobID: job.id, state: .published, etag: found.etag?.value, published: found.digest)
            let received = document.received(label: job.model, now: now())
            let kind = document.provenance.promptKind ?? job.promptKind
            let key = AnswerKey(
                content: ContentDigest.sheet(pages: sources.map(\.sha256)), model: job.model, promptKind: kind)
            try await stand(job, publication) { tables in
                guard !sources.isEmpty else { return (nil, nil) }
                return (key.content, try tables.storeAnswer(received, key, request: nil).id)
            }
        case .foreign, .edited:
            let text = String(decoding: found.bytes, as: UTF8.self)
            guard (try? FicheRepair.repair(text, promptKind: job.promptKind)) != nil else {
                return try await stand(job, nil)
            }
            let isFirst = try await !readIsPersons(insteadOf: job)
            try await stand(
                job, Publication(path: place, jobID: job.id, state: .theirs, etag: found.etag?.value))
            if isFirst { try await chooseAnew(beside: job.sheetID) }
        }
    }

    private func stand(
        _ job: SheetJob, _ publication: Publication?,
        _ answer: @escaping @Sendable (StateTables) throws -> (content: String?, id: Int64?) = { _ in (nil, nil) }
    ) async throws {
        try await state.write { tables in
            guard try tables.jobs.job(job.id)?.stage == .new else { return }
            let found = try answer(tables)
            if let publication { try tables.publications.store(publication) }
            try tables.jobs.standBy(job.id, content: found.content, answer: found.id)
        }
        guard publication != nil else { return }
        logger.info(
            "result of another preparation adopted", metadata: ["path": "\(job.path)", "model": "\(job.model)"])
    }

    /// `true` where the result of the preparation that is read is a person's, which nobody has looked at yet.
    private func readIsPersons(insteadOf job: SheetJob) async throws -> Bool {
        for place in try await state.read({ try $0.variants.unreadResults(insteadOf: job.sheetID) }) {
            guard case .file(let found) = try await reader.read(place),
                let document = try? ResultDocument(parsing: found.bytes)
            else { continue }
            if [.foreign, .edited].contains(document.author) { return true }
        }
        return false
    }

    /// A person wrote the result of a sheet: where another preparation of it is read, this one is from now on.
    /// - Throws: `DatabaseError`.
    func chooseAnew(beside sheet: Int64) async throws {
        let (variants, models, pairWait) = (variants, models, pairWait)
        try await state.write { tables in
            try VariantGrouping.chooseAnew(
                beside: sheet, tables, variants: variants, models: models, pairWait: pairWait)
        }
    }
}
