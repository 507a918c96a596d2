/// Makes a sheet of whatever a model answered, without inventing anything.
///
/// Keys and types are put right and named in `corrections`; a value that cannot stand in its field is left out and
/// named in `controles`; values that contradict each other stay, and are named there too.
public enum FicheRepair {
    /// The sheet in an answer.
    ///
    /// - Parameters:
    ///   - answerText: What the model wrote: JSON, perhaps with a fence, text or slips around and in it.
    ///   - promptKind: The form; on the old one a year of two digits is of the 20th century.
    ///   - names: The lists that names are looked up in.
    /// - Throws: `.empty`, or `.notJSON` when the text is no JSON document, breaks off, or has none of a sheet's keys.
    public static func repair(
        _ answerText: String, promptKind: PromptKind = .standard, names: NameReference = NameReference()
    ) throws(TranscriptionError) -> RepairedFiche {
        let reading = try AnswerReader.read(answerText)
        return try repair(
            reading.document, promptKind: promptKind, names: names, corrections: reading.corrections,
            reading.checks)
    }

    /// The sheet in a document, as it is adopted from an existing result file.
    ///
    /// - Throws: `.notJSON` when the document has none of a sheet's keys.
    public static func repair(
        _ document: JSONValue, promptKind: PromptKind = .standard
    ) throws(TranscriptionError) -> RepairedFiche {
        try repair(document, promptKind: promptKind, names: NameReference(), corrections: [])
    }

    private static func repair(
        _ document: JSONValue, promptKind: PromptKind, names: NameReference, corrections: [String],
        _ checks: [Check] = []
    ) throws(TranscriptionError) -> RepairedFiche {
        guard KeyAliases.score(document) > 0 else {
            throw AnswerReader.notJSON(String(document.serialized(.canonical).prefix(400)))
        }
        var repairer = Repairer(promptKind: promptKind)
        corrections.forEach { repairer.correct($0) }
        checks.forEach { repairer.flag($0.field, $0.rule, $0.severity, $0.message) }
        let fiche = repairer.fiche(from: document)
        if repairer.corrections.isEmpty, !isExactly(fiche, document) { repairer.correct("forme du résultat rétablie") }
        return RepairedFiche(
            fiche: fiche, corrections: repairer.corrections,
            checks: repairer.checks + FicheChecks.checks(for: fiche, promptKind: promptKind, names: names))
    }

    private static func isExactly(_ fiche: Fiche, _ document: JSONValue) -> Bool {
        guard case .object(var object) = document else { return false }
        object["nids_sync"] = nil
        return JSONValue(fiche) == .object(object)
    }
}

extension Fiche {
    /// The sheet in a result file that already exists, read as an answer is.
    ///
    /// - Throws: `TranscriptionError.notJSON` when the document has none of a sheet's keys.
    public init(parsing document: JSONValue, promptKind: PromptKind = .standard) throws(TranscriptionError) {
        self = try FicheRepair.repair(document, promptKind: promptKind).fiche
    }
}
