import Foundation
import Transcriber

/// What people decided about names: a row for each reading whose species a person corrected.
struct EquivalenceTable {
    let session: any SQLSession

    static func create(in session: any SQLSession) throws {
        let dialect = session.dialect
        try session.run(
            """
            CREATE TABLE IF NOT EXISTS nids_equivalences (
                \(dialect.idColumn),
                lecture_id BIGINT,
                forme \(dialect.exact("VARCHAR(191)")) NOT NULL,
                lu TEXT NOT NULL,
                espece_code VARCHAR(5) NOT NULL,
                espece_nom VARCHAR(191) NOT NULL,
                personne \(dialect.exact("VARCHAR(191)")),
                apprise_le DATETIME NOT NULL,
                annulee_le DATETIME,
                CONSTRAINT nids_equivalences_origine UNIQUE (lecture_id),
                CONSTRAINT nids_equivalences_lecture FOREIGN KEY (lecture_id) REFERENCES nids_lectures (id)
                    ON DELETE SET NULL
            ) \(dialect.tableOptions)
            """)
        try session.run("CREATE INDEX IF NOT EXISTS nids_equivalences_forme ON nids_equivalences (forme)")
    }

    /// A species that people put in the place of a name.
    struct Learned: Sendable, Hashable {
        let code: String
        /// True when two people did. One whose name is not known may be any of the others.
        let isAgreed: Bool
    }

    /// What was learned of one form of a name, or of all: a species where people put only one there.
    func learned(of form: String? = nil) throws -> [String: Learned] {
        let rows = try session.rows(
            """
            SELECT forme, espece_code, COUNT(DISTINCT personne) FROM nids_equivalences \
            WHERE annulee_le IS NULL \(form == nil ? "" : "AND forme = ?") GROUP BY forme, espece_code
            """, form.map { [.text($0)] } ?? [])
        return Dictionary(grouping: rows) { $0[0].string ?? "" }.compactMapValues { rows in
            guard rows.count == 1, let code = rows[0][1].string else { return nil }
            return Learned(code: code, isAgreed: (rows[0][2].integer ?? 0) > 1)
        }
    }

    /// Notes that a person put a species in the place of what was read, or that what the person wrote tells none.
    ///
    /// - Returns: the forms of which something else is known now.
    func learn(_ lesson: Lesson?, from lectureID: Int64, by person: String?) throws -> [String] {
        let before = try session.rows(
            "SELECT id, forme, espece_code, personne FROM nids_equivalences WHERE lecture_id = ?", [.integer(lectureID)]
        ).first
        guard let lesson else {
            guard let before, let form = before[1].string else { return [] }
            try session.run("DELETE FROM nids_equivalences WHERE id = ?", [before[0]])
            return [form]
        }
        if let before, before[1].string == lesson.form, before[2].string == lesson.species.code {
            guard before[3] != SQLValue(person) else { return [] }
            try session.run("UPDATE nids_equivalences SET personne = ? WHERE id = ?", [SQLValue(person), before[0]])
            return [lesson.form]
        }
        if let before { try session.run("DELETE FROM nids_equivalences WHERE id = ?", [before[0]]) }
        _ = try session.insert(
            into: "nids_equivalences",
            ["lecture_id", "forme", "lu", "espece_code", "espece_nom", "personne", "apprise_le"],
            [
                .integer(lectureID), SQLValue(lesson.form), SQLValue(lesson.reading), SQLValue(lesson.species.code),
                SQLValue(lesson.species.frenchName), SQLValue(person), SQLValue(Date().sqlText),
            ])
        return [lesson.form] + [before?[1].string].compactMap(\.self).filter { $0 != lesson.form }
    }

    /// What a correction teaches.
    struct Lesson {
        let form: String
        let reading: String
        let species: Species

        /// - Returns: `nil` where it teaches nothing: the name read was one already, a genus or several species', or
        ///   what stands there now is certain of none.
        init?(reading: String?, corrected: Fiche.InformationsGenerales, _ reference: SpeciesReference) {
            guard let reading, let form = SpeciesReference.form(reading),
                form != corrected.espece.flatMap(SpeciesReference.form),
                let read = reference.match(name: reading, code: nil), [.proposee, .inconnue].contains(read.status),
                let species = reference.match(name: corrected.espece, code: nil).flatMap({
                    $0.status == .certaine ? $0.species : nil
                }), !species.code.isEmpty
            else { return nil }
            self.form = form
            self.reading = reading
            self.species = species
        }
    }

    /// Undoes what was learned of a form.
    /// - Returns: how many corrections it had been learned from.
    func undo(_ form: String) throws -> Int {
        let rows = try session.rows(
            "SELECT id FROM nids_equivalences WHERE forme = ? AND annulee_le IS NULL", [.text(form)])
        try session.run(
            "UPDATE nids_equivalences SET annulee_le = ? WHERE forme = ? AND annulee_le IS NULL",
            [SQLValue(Date().sqlText), .text(form)])
        return rows.count
    }

    /// Has the rows with a form of a name computed anew.
    func forget(_ forms: [String]) throws {
        for form in forms {
            try session.run("UPDATE nids_lectures SET calcul = '' WHERE espece_forme = ?", [.text(form)])
        }
    }

    /// Everything that was learned, what is in force first.
    func all() throws -> [Equivalence] {
        let rows = try session.rows(
            """
            SELECT forme, espece_code, MIN(espece_nom), MIN(lu), COUNT(*), \
            COUNT(DISTINCT personne), CASE WHEN annulee_le IS NULL THEN 0 ELSE 1 END AS annulee \
            FROM nids_equivalences GROUP BY forme, espece_code, annulee ORDER BY annulee, forme, espece_code
            """)
        let contested = try learned()
        return try rows.map { row in
            let (form, isUndone) = (row[0].string ?? "", row[6].integer == 1)
            let people = try session.rows(
                """
                SELECT DISTINCT personne FROM nids_equivalences WHERE forme = ? AND espece_code = ? \
                AND personne IS NOT NULL AND CASE WHEN annulee_le IS NULL THEN 0 ELSE 1 END = ? ORDER BY personne
                """, [row[0], row[1], row[6]])
            let state: Equivalence.State =
                isUndone ? .annule : contested[form] == nil ? .conteste : row[5].integer ?? 0 > 1 ? .confirme : .appris
            return Equivalence(
                reading: row[3].string ?? form, speciesCode: row[1].string ?? "", speciesName: row[2].string ?? "",
                people: people.compactMap { $0.first?.string }, sheets: Int(clamping: row[4].integer ?? 0), state: state
            )
        }
    }
}
