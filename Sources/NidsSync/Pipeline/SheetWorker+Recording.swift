import DAV
import Foundation
import Transcriber

extension SheetWorker {
    /// Records what a job's result says, or that a person took it away.
    func record(_ job: SheetJob) async throws {
        if let reason = tally.observationsHalted { throw WorkInterruption.waiting(reason: reason) }
        guard let place = job.resultPath else { return }
        let publication = try await state.publication(place)
        do {
            switch publication?.state {
            case .deleted:
                try await observations.withdraw(
                    key(of: job), model: job.model, reason: "a person deleted the result in Nextcloud")
                try await state.markPersonsRecorded(job.id)
            case .theirs:
                guard let reading = try await theirReading(job, place) else { return }
                try await observations.record(reading)
                try await state.markPersonsRecorded(job.id)
                tally.update { $0.recorded += 1 }
            default:
                guard let result = try await result(of: job) else { return }
                try await observations.record(reading(job, result))
                try await state.markRecorded(job.id)
                tally.update { $0.recorded += 1 }
            }
        } catch let error as ObservationError {
            throw interruption(for: error)
        }
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
        case .unreachable: tally.note(.observations("\(error)"))
        case .refused: tally.note(.observationsRefused("\(error)"))
        case .misconfigured: tally.note(.observationsMisconfigured("\(error)"))
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
