import DAV
import Foundation
import Logging
import Transcriber

extension SheetWorker {
    /// Records what a job's result says, or that a person took it away.
    func record(_ job: SheetJob) async throws {
        try require(.observations)
        let publication = try await state.publications(of: job.id).first { $0.isResult && $0.state != .left }
        do {
            try await moveRows(job)
            switch publication?.state {
            case .deleted:
                try await observations.withdraw(
                    key(of: job), model: job.model, reason: "a person deleted the result in Nextcloud")
                try await state.markPersonsRecorded(job)
            case .theirs:
                guard let place = publication?.path, let reading = try await theirReading(job, place) else { return }
                try await observations.record(reading)
                try await state.markPersonsRecorded(job)
                tally.update { $0.recorded += 1 }
            default:
                guard let result = try await result(of: job) else { return }
                try await observations.record(reading(job, result))
                try await state.markRecorded(job)
                tally.update { $0.recorded += 1 }
            }
            availability.reopen(.observations)
        } catch let error as ObservationError {
            throw interruption(for: error)
        }
    }

    /// A sheet's rows follow its scans.
    private func moveRows(_ job: SheetJob) async throws {
        if let old = job.recordedPath, old != job.path {
            // Where two exchanged their names, the other's record takes these rows' place.
            if !(try await state.isOthersPath(old, than: job.sheetID)) {
                try await observations.move(
                    from: SheetKey(root: settings.nextcloud.root, path: old.bytes), to: key(of: job))
            }
        }
        if job.recordedPath != job.path { try await state.storeRecordedPath(job, job.path) }
    }

    /// The scans are gone: the rows stay, and no view shows them.
    func withdraw(_ job: SheetJob) async throws {
        try require(.observations)
        if let path = job.recordedPath, !(try await state.isOthersPath(path, than: job.sheetID)) {
            do throws(ObservationError) {
                try await observations.withdraw(
                    SheetKey(root: settings.nextcloud.root, path: path.bytes), model: job.model,
                    reason: "the scan is no longer in Nextcloud")
            } catch {
                throw interruption(for: error)
            }
            availability.reopen(.observations)
            tally.update { $0.withdrawn += 1 }
            logger.info("scan gone: rows withdrawn", metadata: ["path": "\(path)", "model": "\(job.model)"])
        }
        try await state.completeWithdrawal(job)
    }

    private func key(of job: SheetJob) -> SheetKey { SheetKey(root: settings.nextcloud.root, path: job.path.bytes) }

    private func reading(
        _ job: SheetJob, _ result: (reading: RepairedFiche, document: ResultDocument, answer: StoredAnswer)
    ) -> ObservationReading {
        ObservationReading(
            sheet: key(of: job), pages: pages(of: job), model: job.model, providerModel: result.answer.providerModel,
            isPrimary: job.model == settings.transcription.models.first, origin: .modele, promptKind: job.promptKind,
            promptVersion: String(result.answer.promptVersion),
            // To the second, as the result tells it, so that an adopted result makes the same row.
            transcribedAt: Date(timeIntervalSince1970: result.answer.receivedAt.rounded(.down)),
            resultPath: job.resultPath?.description, fiche: result.reading.fiche,
            controles: result.reading.controles.map(ObservationCheck.init),
            document: result.document.sheet.serialized(.canonical))
    }

    /// Nextcloud is the truth: what a person wrote there is what is recorded.
    private func theirReading(_ job: SheetJob, _ place: RemotePath) async throws -> ObservationReading? {
        try require(.nextcloud)
        guard let found = try await readResult(place) else { return nil }
        guard let document = try? ResultDocument(parsing: found.bytes),
            let reading = try? FicheRepair.repair(
                String(decoding: found.bytes, as: UTF8.self), promptKind: job.promptKind)
        else {
            throw WorkInterruption.failed(
                reason: "\(place), which a person edited, is not a sheet any more: put it right")
        }
        let wasOurs = document.author != .foreign || job.answerID != nil
        return ObservationReading(
            sheet: key(of: job), pages: pages(of: job), model: job.model,
            providerModel: document.provenance.providerModel,
            isPrimary: job.model == settings.transcription.models.first, origin: wasOurs ? .personne : .adoptee,
            promptKind: job.promptKind, transcribedAt: document.provenance.receivedAt, resultPath: place.description,
            fiche: reading.fiche, controles: reading.controles.map(ObservationCheck.init),
            document: document.sheet.serialized(.canonical))
    }

    private func pages(of job: SheetJob) -> [ObservationReading.Page] {
        job.pages.map { ObservationReading.Page(path: $0.path.bytes, sha256: $0.sha256 ?? "") }
    }

    private func interruption(for error: ObservationError) -> WorkInterruption {
        switch error {
        case .unreachable: availability.close(.observations, .observations("\(error)"))
        case .refused: availability.close(.observations, .observationsRefused("\(error)"))
        case .misconfigured: availability.close(.observations, .observationsMisconfigured("\(error)"))
        case .rejected(_, let reason): return .failed(reason: "its observations cannot be recorded: \(reason)")
        }
        return .waiting(reason: "\(error)")
    }
}

extension ObservationCheck {
    init(_ controle: Controle) {
        self.init(
            champ: controle.champ, regle: controle.regle, gravite: controle.gravite.rawValue, message: controle.message)
    }
}
