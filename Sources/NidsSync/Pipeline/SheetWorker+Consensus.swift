import Transcriber

extension SheetWorker {
    /// What the primary's reading and those of the other models agree on; `nil` where there are no others.
    func consensus(
        of readings: [StoredReading], _ own: (reading: RepairedFiche, document: ResultDocument, answer: StoredAnswer),
        _ job: SheetJob
    ) -> Consensus? {
        let fiches = readings.compactMap { reading in
            reading.answerID == own.answer.id
                ? (label: reading.model, fiche: own.reading.fiche)
                : (try? FicheRepair.repair(reading.text, promptKind: job.promptKind)).map {
                    (label: reading.model, fiche: $0.fiche)
                }
        }
        return Consensus(fiches, controles: own.document.controles)
    }
}
