extension ReviewList {
    /// Reads the first sheets of the view.
    /// - Throws: `ObservationError.misconfigured` where the tables are an earlier version's.
    init(limit: Int, in session: any SQLSession) throws {
        guard try session.columns(of: "nids_v_a_verifier").contains("doublon_de") else {
            throw ObservationError.misconfigured(
                reason: "its tables are not those of this version yet: the next run of nids-sync sees to it")
        }
        let rows = try session.rows(
            """
            SELECT lecture_id, racine, chemin, modele, priorite_relecture, chemin_resultat, espece_statut, espece, \
            espece_proposee, annee, annee_dossier, doublon_de, COUNT(*) OVER () AS nombre FROM nids_v_a_verifier \
            ORDER BY priorite_relecture DESC, racine, chemin LIMIT \(max(1, limit))
            """)
        let checks = try Self.checks(of: rows.map { $0[0] }, in: session)
        let others = try Self.paths(of: rows.map { $0[11] }.filter { $0 != .null }, in: session)
        items = rows.map { row in
            Item(
                root: row[1].string ?? "", path: row[2].string ?? "", model: row[3].string ?? "",
                priority: Int(row[4].integer ?? 0), reasons: Self.reasons(row, checks[row[0]] ?? [], others),
                result: row[5].string)
        }
        count = rows.first.flatMap { $0[12].integer.flatMap { Int(exactly: $0) } } ?? 0
    }

    /// Severity and words of what is doubted of each of these readings.
    private static func checks(
        of readings: [SQLValue], in session: any SQLSession
    ) throws -> [SQLValue: [(severity: String, words: String)]] {
        guard !readings.isEmpty else { return [:] }
        let marks = Array(repeating: "?", count: readings.count).joined(separator: ", ")
        let rows = try session.rows(
            """
            SELECT lecture_id, gravite, message FROM nids_controles WHERE lecture_id IN (\(marks)) \
            ORDER BY lecture_id, rang
            """, readings)
        return Dictionary(grouping: rows) { $0[0] }.mapValues { rows in
            rows.map { (severity: $0[1].string ?? "", words: $0[2].string ?? "") }
        }
    }

    private static func paths(of sheets: [SQLValue], in session: any SQLSession) throws -> [SQLValue: String] {
        guard !sheets.isEmpty else { return [:] }
        let marks = Array(repeating: "?", count: sheets.count).joined(separator: ", ")
        let rows = try session.rows("SELECT id, chemin FROM nids_fiches WHERE id IN (\(marks))", sheets)
        return Dictionary(rows.map { ($0[0], $0[1].string ?? "") }) { first, _ in first }
    }

    private static func reasons(
        _ row: [SQLValue], _ checks: [(severity: String, words: String)], _ others: [SQLValue: String]
    ) -> [String] {
        func words(_ severity: String) -> [String] { checks.filter { $0.severity == severity }.map(\.words) }
        var reasons = words("erreur") + words("avertissement")
        let name = row[7].string.map { "« \($0.prefix(60)) »" } ?? ""
        switch row[6].string {
        case nil: reasons.append("aucune espèce lue")
        case "inconnue": reasons.append("\(name) n'est le nom d'aucune espèce de la liste")
        case "plusieurs": reasons.append("\(name) est le nom de plusieurs espèces")
        case "appris": reasons.append("l'espèce de \(name) est apprise d'une correction : à confirmer")
        case "proposee": reasons.append("espèce à confirmer : \(row[8].string ?? "?")")
        default: break
        }
        if let year = row[10].string {
            reasons.append("l'année \(row[9].string ?? "") est loin de celles du dossier, vers \(year)")
        }
        if let other = others[row[11]] { reasons.append("sans doute la même fiche que \(other)") }
        reasons += words("info")
        return reasons.isEmpty ? ["les modèles ne l'ont pas lue de même, ou peu y est lu"] : reasons
    }
}
