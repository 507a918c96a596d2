/// Everything in the observations' tables, to compare before and after.
struct ObservationRows {
    /// `espece_modele` is there where a model's reading was recorded before a person's.
    private static let numbers: Set<String> = [
        "id", "fiche_id", "lecture_id", "enregistree_le", "modifiee_le", "espece_modele",
    ]

    /// Columns by table, sheet and row.
    private var values: [String: [String: String]] = [:]

    /// Reads the tables.
    ///
    /// - Parameter withNumbers: all columns of all rows; else what does not depend on when it was recorded, of readings
    ///   that are not withdrawn.
    init(_ surroundings: Surroundings, withNumbers: Bool) async throws {
        let source = ObservationSource(surroundings: surroundings)
        for table in ["nids_fiches", "nids_lectures", "nids_visites", "nids_pages", "nids_controles"] {
            let condition = withNumbers ? "" : "WHERE l.retiree_le IS NULL"
            let rows =
                try await source.rows("SELECT f.chemin AS sheet, t.* FROM \(table) t \(Self.join(table)) \(condition)")
            for row in rows ?? [] {
                let part = row["rang"].map { " \($0)" } ?? ""
                values["\(table) \(row["sheet"] ?? "")\(part)"] = row.filter {
                    withNumbers || !Self.numbers.contains($0.key)
                }
            }
        }
    }

    private static func join(_ table: String) -> String {
        switch table {
        case "nids_fiches": "JOIN nids_lectures l ON l.fiche_id = t.id JOIN nids_fiches f ON f.id = t.id"
        case "nids_lectures": "JOIN nids_lectures l ON l.id = t.id JOIN nids_fiches f ON f.id = t.fiche_id"
        default: "JOIN nids_lectures l ON l.id = t.lecture_id JOIN nids_fiches f ON f.id = l.fiche_id"
        }
    }

    var count: Int { values.count }

    /// What is different in the other, in words.
    func differences(from other: ObservationRows) -> [String] {
        Set(values.keys).union(other.values.keys).sorted().compactMap { key in
            guard let before = other.values[key] else { return "\(key): new" }
            guard let now = values[key] else { return "\(key): gone" }
            let columns = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
            if columns.isEmpty { return nil }
            return "\(key): "
                + columns.map { "\($0) was \(before[$0] ?? "none"), is \(now[$0] ?? "none")" }.joined(separator: "; ")
        }
    }
}
