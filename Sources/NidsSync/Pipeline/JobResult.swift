import Transcriber

/// The stored answer of a job as a sheet, and the file that it becomes.
struct JobResult: Sendable {
    var reading: RepairedFiche
    var document: ResultDocument
    var answer: StoredAnswer
    /// The lists that names on sheets are looked up in.
    private let names: NameReference

    /// Makes it, `nil` where the job has no answer.
    /// - Throws: `WorkFault.failed` for a stored answer that is no sheet, `DatabaseError`.
    init?(of job: SheetJob, _ state: StateDatabase, _ names: NameReference) async throws {
        guard let id = job.answerID, let answer = try await state.read({ try $0.answers.answer(id: id) }) else {
            return nil
        }
        guard let reading = try? FicheRepair.repair(answer.text, promptKind: job.promptKind, names: names)
        else {
            throw WorkFault.failed(reason: "the stored answer is not a sheet")
        }
        self.reading = reading
        self.answer = answer
        self.names = names
        document = ResultDocument(reading, job: job, answer: answer, names: names)
    }

    /// The file with what the primary's reading and those of the other models agree on.
    func document(comparing readings: [StoredReading], _ job: SheetJob) -> ResultDocument {
        let fiches = readings.compactMap { reading in
            reading.answerID == answer.id
                ? (label: reading.model, fiche: self.reading.fiche)
                : (try? FicheRepair.repair(reading.text, promptKind: job.promptKind)).map {
                    (label: reading.model, fiche: $0.fiche)
                }
        }
        return document.with(Consensus(fiches, checks: document.checks), of: reading.fiche, names: names)
    }
}
