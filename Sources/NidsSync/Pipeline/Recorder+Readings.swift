import DAV
import Foundation
import Transcriber

extension Recorder {
    /// The key under which a sheet's rows stand.
    func key(of job: SheetJob) -> SheetKey { SheetKey(root: root, path: job.path.bytes) }

    /// A model's reading, as the database keeps it.
    ///
    /// - Parameter place: where its result lies, or is to lie: a person may have put it elsewhere.
    /// - Parameter priority: how much it deserves a second look.
    func reading(
        _ job: SheetJob, _ result: JobResult, at place: RemotePath?, priority: Int?
    ) -> ObservationReading {
        ObservationReading(
            sheet: key(of: job), pages: pages(of: job), model: job.model, providerModel: result.answer.providerModel,
            isPrimary: job.model == primary, origin: .modele, promptKind: job.promptKind,
            promptVersion: String(result.answer.promptVersion),
            // To the second, as the result tells it, so that an adopted result makes the same row.
            transcribedAt: Date(timeIntervalSince1970: result.answer.receivedAt.rounded(.down)),
            resultPath: place?.description, fiche: result.reading.fiche,
            checks: result.reading.checks.map(ObservationCheck.init),
            document: result.document.sheet.serialized(.canonical), priority: priority)
    }

    /// How much a reading deserves a second look, by all that has been read of its sheet so far.
    /// - Throws: `DatabaseError`.
    func priority(of job: SheetJob, _ result: JobResult) async throws -> Int? {
        let readings = try await state.read { try $0.readings(beside: job) }
        return result.document(comparing: readings, job).priority
    }

    /// What another model has read changes how much the primary's reading deserves a second look: its row says so once
    /// both are recorded, whichever comes last.
    /// - Throws: `ObservationError`, `WorkFault`, `DatabaseError`.
    func renewPriority(beside job: SheetJob) async throws {
        guard let primary, primary != job.model,
            let other = try await state.read({ try $0.jobs.job(sheet: job.sheetID, model: primary) }),
            let result = try await JobResult(of: other, state, names)
        else { return }
        try await observations.setPriority(
            try await priority(of: other, result), of: key(of: other), model: primary)
    }

    /// A person's reading: Nextcloud is the truth, and what a person wrote there is what is recorded.
    ///
    /// - Returns: `nil` where the file is not there any more.
    /// - Throws: `WorkFault`, `DAVError`.
    func theirReading(_ job: SheetJob, _ place: RemotePath) async throws -> ObservationReading? {
        try breaker.require(.nextcloud)
        guard let results else { throw WorkFault.waiting(reason: "Nextcloud is out of reach") }
        let starts = try await state.write { try $0.jobs.countStart(job.id) }
        guard starts <= Asker.remoteStartLimit else {
            throw WorkFault.failed(
                reason:
                    "the program died \(Asker.remoteStartLimit) times while it read \(place), which a person "
                    + "wrote: remove it, or put it right")
        }
        guard let found = try await results.read(place) else { return nil }
        guard let document = try? ResultDocument(parsing: found.bytes),
            let reading = try? FicheRepair.repair(
                String(decoding: found.bytes, as: UTF8.self), promptKind: job.promptKind, names: names)
        else {
            throw WorkFault.failed(reason: "\(place), which a person edited, is not a sheet any more: put it right")
        }
        if let scan = document.otherScan(than: job) {
            throw WorkFault.failed(reason: ResultDocument.words(ofOther: scan, at: place))
        }
        // A result of ours that a person put there, of the same scan, is still a model's reading.
        let isUntouched = if case .ours = document.author { true } else { false }
        let review = document.review
        let wasOurs = document.author != .foreign || job.answerID != nil
        return ObservationReading(
            sheet: key(of: job), pages: pages(of: job), model: job.model,
            providerModel: document.provenance.providerModel, isPrimary: job.model == primary,
            origin: isUntouched ? .modele : wasOurs ? .personne : .adoptee, promptKind: job.promptKind,
            transcribedAt: document.provenance.receivedAt, resultPath: place.description,
            fiche: reading.fiche, checks: reading.checks.map(ObservationCheck.init),
            document: document.sheet.serialized(.canonical), reviewer: review.by, reviewedAt: review.when,
            priority: priority(of: reading, document, isPersons: wasOurs && !isUntouched))
    }

    /// What a person wrote or confirmed deserves no second look, unless it does not fit together; a file of the old
    /// installation does as an answer does.
    private func priority(of reading: RepairedFiche, _ document: ResultDocument, isPersons: Bool) -> Int {
        let review = document.review
        return isPersons || review.by != nil || review.isConfirmed
            ? ReviewEvidence(ofPersons: reading.checks, isConfirmed: review.isConfirmed).priority
            : document.priority ?? ReviewEvidence(reading.fiche, checks: reading.checks, names: names).priority
    }

    private func pages(of job: SheetJob) -> [ObservationReading.Page] {
        job.pages.map { ObservationReading.Page(path: $0.path.bytes, sha256: $0.sha256 ?? "") }
    }
}

extension ObservationCheck {
    init(_ check: Check) {
        self.init(
            field: check.field, rule: check.rule, severity: check.severity.rawValue, message: check.message)
    }
}
