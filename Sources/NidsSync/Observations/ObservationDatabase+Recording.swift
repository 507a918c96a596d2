import Foundation
import Transcriber

extension ObservationDatabase {
    public func prepare() async throws(ObservationError) {
        try await migrate { session in try ObservationMigrations.run(in: session) }
        try await takeForeignLists()
        try await computePending()
    }

    @discardableResult
    public func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome {
        let (rows, names) = (try ReadingRows(reading), names)
        let (outcome, hasLearned) = try await write(concerning: reading.sheet) { session in
            try RecordingSession(session: session, names: names).record(reading, rows)
        }
        if hasLearned { try await computePending() }
        return outcome
    }

    public func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError) {
        try await write(concerning: sheet) { session in
            let (condition, arguments) = Self.condition(sheet, model)
            try session.run(
                """
                UPDATE nids_lectures SET retiree_le = ?, retiree_motif = ? \
                WHERE retiree_le IS NULL AND \(condition)
                """, [SQLValue(Date().sqlText), SQLValue(reason)] + arguments)
        }
    }

    public func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError) {
        try await write(concerning: sheet) { session in
            let (condition, arguments) = Self.condition(sheet, model)
            try session.run(
                """
                UPDATE nids_lectures SET retiree_le = NULL, retiree_motif = NULL \
                WHERE retiree_le IS NOT NULL AND \(condition)
                """, arguments)
        }
    }

    public func setResultPath(
        _ path: String, of sheet: SheetKey, model: String
    ) async throws(ObservationError) {
        try await write(concerning: sheet) { session in
            let (condition, arguments) = Self.condition(sheet, model)
            try session.run(
                """
                UPDATE nids_lectures SET chemin_resultat = ?, empreinte = '' \
                WHERE (chemin_resultat IS NULL OR chemin_resultat <> ?) AND \(condition)
                """, [SQLValue(path), SQLValue(path)] + arguments)
        }
    }

    public func setPriority(_ priority: Int?, of sheet: SheetKey, model: String) async throws(ObservationError) {
        try await write(concerning: sheet) { session in
            let (condition, arguments) = Self.condition(sheet, model)
            try session.run(
                """
                UPDATE nids_lectures SET priorite_relecture = ? \
                WHERE COALESCE(priorite_relecture, -1) <> ? AND origine = 'modele' AND \(condition)
                """, [SQLValue(priority), SQLValue(priority ?? -1)] + arguments)
        }
    }

    public func setPrimary(model: String) async throws(ObservationError) {
        try await write(concerning: nil) { session in
            try session.run(
                "UPDATE nids_lectures SET est_principal = 1 WHERE est_principal = 0 AND modele = ?", [SQLValue(model)])
            try session.run(
                "UPDATE nids_lectures SET est_principal = 0 WHERE est_principal = 1 AND modele <> ?", [SQLValue(model)])
        }
    }

    private static func condition(_ sheet: SheetKey, _ model: String?) -> (sql: String, arguments: [SQLValue]) {
        let ofSheet = "fiche_id = (SELECT id FROM nids_fiches WHERE cle = ?)"
        guard let model else { return (ofSheet, [SQLValue(sheet.digest)]) }
        return (ofSheet + " AND modele = ?", [SQLValue(sheet.digest), SQLValue(model)])
    }
}

/// Writes a reading's rows inside a transaction.
///
/// Select, then insert or update: "upserts" differ between the databases. The unique keys are the guard when two
/// programs write at once.
struct RecordingSession {
    let session: any SQLSession
    let names: NameReference

    /// - Returns: what became of it, and whether it taught something about names on other sheets.
    func record(_ reading: ObservationReading, _ rows: ReadingRows) throws -> (RecordOutcome, hasLearned: Bool) {
        let computed = try computed(reading.fiche)
        let (digest, now) = (rows.digest, SQLValue(Date().sqlText))
        let ficheID = try sheetID(reading.sheet) ?? insertSheet(reading.sheet, now)
        let stored = try session.rows(
            """
            SELECT id, CASE WHEN empreinte = ? AND est_principal = ? AND calcul = ? AND retiree_le IS NULL \
            AND COALESCE(priorite_relecture, -1) = ? THEN 1 ELSE 0 END, origine, espece, espece_modele FROM nids_lectures WHERE fiche_id = ? AND modele = ?
            """,
            [
                SQLValue(digest), SQLValue(reading.isPrimary), computed.calculation, SQLValue(reading.priority ?? -1),
                .integer(ficheID), SQLValue(reading.model),
            ]
        ).first
        let columns =
            ReadingRows.lectureColumns + ["est_principal", "empreinte", "modifiee_le"] + ReadingRows.reviewColumns
            + ComputedRow.columns
        let values =
            rows.lecture + [SQLValue(reading.isPrimary), SQLValue(digest), now] + rows.review + computed.lecture
        guard let stored, let lectureID = stored[0].integer else {
            let lectureID = try session.insert(
                into: "nids_lectures", columns + ["fiche_id", "enregistree_le"], values + [.integer(ficheID), now])
            try insertParts(of: rows, computed, lectureID)
            return (.inserted, false)
        }
        if stored[1].integer == 1 { return (.unchanged, false) }
        let original = Self.modelsSpecies(reading, stored)
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        try session.run(
            """
            UPDATE nids_lectures SET \(assignments), espece_modele = ?, retiree_le = NULL, retiree_motif = NULL \
            WHERE id = ?
            """, values + [original, .integer(lectureID)])
        for table in ["nids_visites", "nids_pages", "nids_controles"] {
            try session.run("DELETE FROM \(table) WHERE lecture_id = ?", [.integer(lectureID)])
        }
        try insertParts(of: rows, computed, lectureID)
        return (.updated, try learn(from: reading, lectureID, original.string))
    }

    private func computed(_ fiche: Fiche) throws -> ComputedRow {
        var lookup = NameLookup(names)
        let general = fiche.informationsGenerales
        if lookup.species(general)?.mayBeLearned == true, let form = general.espece.flatMap(SpeciesReference.form) {
            lookup.learned = try EquivalenceTable(session: session).learned(of: form)
        }
        return ComputedRow(fiche, &lookup)
    }

    /// - Returns: whether rows of other sheets are to be computed anew.
    private func learn(from reading: ObservationReading, _ lectureID: Int64, _ original: String?) throws -> Bool {
        let equivalences = EquivalenceTable(session: session)
        let lesson = EquivalenceTable.Lesson(
            reading: original, corrected: reading.fiche.informationsGenerales, names.species)
        let forms = try equivalences.learn(lesson, from: lectureID, by: reading.reviewer.map(ReadingRows.reviewer))
        try equivalences.forget(forms)
        return !forms.isEmpty
    }

    /// The species as the model read it, where a person's reading takes its place.
    private static func modelsSpecies(_ reading: ObservationReading, _ stored: [SQLValue]) -> SQLValue {
        guard reading.origin == .personne else { return .null }
        return stored[2].string == ObservationReading.Origin.personne.rawValue ? stored[4] : stored[3]
    }

    func sheetID(_ sheet: SheetKey) throws -> Int64? {
        try session.rows("SELECT id FROM nids_fiches WHERE cle = ?", [SQLValue(sheet.digest)]).first?.first?.integer
    }

    private func insertSheet(_ sheet: SheetKey, _ now: SQLValue) throws -> Int64 {
        try session.insert(
            into: "nids_fiches", ["cle", "racine", "chemin", "enregistree_le"],
            [SQLValue(sheet.digest), SQLValue(sheet.root), SQLValue(sheet.readablePath), now])
    }

    private func insertParts(of rows: ReadingRows, _ computed: ComputedRow, _ lectureID: Int64) throws {
        let visites = zip(rows.visites, computed.visitDates).map { $0 + [$1] }
        let parts = [
            ("nids_visites", ReadingRows.visiteColumns + ["date_visite"], visites),
            ("nids_pages", ReadingRows.pageColumns, rows.pages),
            ("nids_controles", ReadingRows.checkColumns, rows.checks),
        ]
        for (table, columns, rows) in parts {
            for row in rows {
                _ = try session.insert(into: table, ["lecture_id"] + columns, [.integer(lectureID)] + row)
            }
        }
    }
}
