import Transcriber

extension ObservationDatabase {
    /// Computes what is not computed yet, or was with other lists, in batches that are committed one by one: a program
    /// that is killed goes on where it was.
    func computePending() async throws(ObservationError) {
        let names = names
        let isPending = try await read { session in
            try !session.rows(
                "SELECT id FROM nids_lectures WHERE calcul < ? OR calcul > ? LIMIT 1",
                [SQLValue(names.digest), SQLValue(names.digest)]
            ).isEmpty
        }
        var last: Int64? = isPending ? 0 : nil
        while let before = last {
            last = try await write(concerning: nil) { session in
                var computing = ComputingSession(session, names)
                try computing.learn()
                return try computing.compute(after: before)
            }
        }
    }
}

/// Computes rows anew from the texts beside them.
struct ComputingSession {
    private let session: any SQLSession
    private var lookup: NameLookup

    init(_ session: any SQLSession, _ names: NameReference) {
        self.session = session
        lookup = NameLookup(names)
    }

    /// With what people decided.
    mutating func learn() throws { lookup.learned = try EquivalenceTable(session: session).learned() }

    private static let batch = 200
    private static let columns = [
        "id", "annee", "hauteur_nid", "hauteur_couvert", "altitude", "n_espece", "espece", "commune", "departement",
        "premier_oeuf_jour", "premier_oeuf_mois", "premiere_eclosion_jour", "premiere_eclosion_mois",
        "premier_envol_jour", "premier_envol_mois",
    ]

    /// Computes the next rows of a number greater than this one.
    /// - Returns: the number of the last of them; `nil` when there is none left.
    mutating func compute(after last: Int64) throws -> Int64? {
        let rows = try session.rows(
            """
            SELECT \(Self.columns.joined(separator: ", ")) FROM nids_lectures \
            WHERE id > ? AND calcul <> ? ORDER BY id LIMIT \(Self.batch)
            """, [.integer(last), SQLValue(lookup.names.digest)])
        guard let end = rows.last?.first?.integer else { return nil }
        try compute(rows)
        return end
    }

    private mutating func compute(_ rows: [[SQLValue]]) throws {
        let marks = Array(repeating: "?", count: rows.count).joined(separator: ", ")
        let visits = Dictionary(
            grouping: try session.rows(
                """
                SELECT lecture_id, id, jour, mois, date_visite FROM nids_visites WHERE lecture_id IN (\(marks)) \
                ORDER BY lecture_id, rang
                """, rows.map { $0[0] })
        ) { $0[0] }
        let assignments = ComputedRow.columns.map { "\($0) = ?" }.joined(separator: ", ")
        var dates: [(visit: SQLValue, date: SQLValue)] = []
        for row in rows {
            let own = visits[row[0]] ?? []
            let computed = ComputedRow(Self.fiche(row, own), &lookup)
            try session.run("UPDATE nids_lectures SET \(assignments) WHERE id = ?", computed.lecture + [row[0]])
            dates += zip(own, computed.visitDates).filter { $0[4].string != $1.string }.map { ($0[1], $1) }
        }
        try store(dates)
    }

    /// Many in a statement, and always as many: there are six or seven times as many visits as readings.
    private func store(_ dates: [(visit: SQLValue, date: SQLValue)]) throws {
        var rest = dates[...]
        while let last = rest.last {
            var chunk = Array(rest.prefix(Self.datesAtOnce))
            rest = rest.dropFirst(chunk.count)
            chunk += Array(repeating: last, count: Self.datesAtOnce - chunk.count)
            try session.run(Self.storeDates, chunk.flatMap { [$0.visit, $0.date] } + chunk.map(\.visit))
        }
    }

    private static let datesAtOnce = 100
    private static let storeDates = {
        let cases = String(repeating: " WHEN ? THEN ?", count: datesAtOnce)
        let marks = Array(repeating: "?", count: datesAtOnce).joined(separator: ", ")
        return "UPDATE nids_visites SET date_visite = CASE id\(cases) END WHERE id IN (\(marks))"
    }()

    /// As much of a sheet as is computed with.
    private static func fiche(_ row: [SQLValue], _ visits: [[SQLValue]]) -> Fiche {
        var fiche = Fiche()
        func number(_ value: SQLValue) -> Int? { value.integer.flatMap { Int(exactly: $0) } }
        fiche.informationsGenerales.annee = row[1].string
        fiche.nid.hautNid = row[2].string
        fiche.nid.hCVert = row[3].string
        fiche.localisation.altitude = row[4].string
        fiche.informationsGenerales.nEspece = number(row[5])
        fiche.informationsGenerales.espece = row[6].string
        fiche.localisation.commune = row[7].string
        fiche.localisation.depT = row[8].string
        fiche.tableauDonnees2.premierOeufPondu.jour = number(row[9])
        fiche.tableauDonnees2.premierOeufPondu.mois = number(row[10])
        fiche.tableauDonnees2.premierPoussinEclos.jour = number(row[11])
        fiche.tableauDonnees2.premierPoussinEclos.mois = number(row[12])
        fiche.tableauDonnees2.premierPoussinVolant.jour = number(row[13])
        fiche.tableauDonnees2.premierPoussinVolant.mois = number(row[14])
        fiche.tableauDonnees = visits.map { visit in
            var visite = Fiche.Visite()
            visite.jour = number(visit[2])
            visite.mois = number(visit[3])
            return visite
        }
        return fiche
    }
}
