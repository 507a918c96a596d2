extension ObservationDatabase {
    public func count() async throws(ObservationError) -> ObservationCounts {
        try await read { session in
            func number(_ sql: String) throws -> Int {
                Int(try session.rows(sql).first?.first?.integer ?? 0)
            }
            var counts = ObservationCounts()
            counts.sheets = try number("SELECT COUNT(DISTINCT fiche_id) FROM nids_lectures WHERE retiree_le IS NULL")
            counts.readings = try number("SELECT COUNT(*) FROM nids_lectures WHERE retiree_le IS NULL")
            counts.withdrawn = try number("SELECT COUNT(*) FROM nids_lectures WHERE retiree_le IS NOT NULL")
            counts.visits = try number("SELECT COUNT(*) FROM nids_v_visites")
            counts.checks = try number(
                "SELECT COUNT(*) FROM nids_v_fiches f JOIN nids_controles c ON c.lecture_id = f.lecture_id")
            return counts
        }
    }

    public func toReview(limit: Int) async throws(ObservationError) -> ReviewList {
        try await read { session in try ReviewList(limit: limit, in: session) }
    }

    public func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws {
        // The sheets' numbers first, their rows in batches: the database is not kept waiting for a slow reader.
        let sheets = try await read { session in
            try session.rows("SELECT id FROM nids_fiches ORDER BY racine, chemin, id").compactMap(\.first)
        }
        let columns = view.columns.joined(separator: ", ")
        var rest = sheets[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(200))
            rest = rest.dropFirst(batch.count)
            let rows = try await read { session in
                let marks = Array(repeating: "?", count: batch.count).joined(separator: ", ")
                let order = view == .visites ? "fiche_id, rang" : "fiche_id"
                return try session.rows(
                    "SELECT fiche_id, \(columns) FROM \(view.rawValue) WHERE fiche_id IN (\(marks)) ORDER BY \(order)",
                    batch)
            }
            let bySheet = Dictionary(grouping: rows) { $0[0] }
            for sheet in batch {
                for row in bySheet[sheet] ?? [] { try await body(row.dropFirst().map(\.string)) }
            }
        }
    }
}
