import Foundation
import NextcloudStandIn
import Transcriber

/// Checks the rows of the observations.
struct ObservationAudit {
    let surroundings: Surroundings

    private var source: ObservationSource { ObservationSource(surroundings: surroundings) }

    /// What must hold at any instant: whole transactions, one reading a sheet, no sheet that nobody dropped.
    func look(_ scans: [PlannedScan]) async throws -> [String] {
        if let damage = try source.damage() { return ["the observations' file is damaged: \(damage)"] }
        guard let rows = try await source.rows("SELECT chemin FROM nids_fiches") else { return [] }
        let sheets = rows.compactMap { $0["chemin"] }
        let paths = Set(scans.map(\.path))
        var violations = Set(sheets).subtracting(paths).map { "recorded, but nobody dropped it: \($0)" }
        if Set(sheets).count < sheets.count { violations.append("a sheet has two rows") }
        violations += try await sheetsWhere(
            "(SELECT count(*) FROM nids_lectures l WHERE l.fiche_id = f.id) <> 1", "not one reading")
        violations += try await sheetsWhere(
            """
            EXISTS (SELECT 1 FROM nids_lectures l WHERE l.fiche_id = f.id AND
            ((SELECT count(*) FROM nids_pages p WHERE p.lecture_id = l.id) <> 1
            OR (SELECT count(*) FROM nids_visites v WHERE v.lecture_id = l.id) <> 2))
            """, "not all of its rows, or too many")
        return violations
    }

    private func sheetsWhere(_ condition: String, _ words: String) async throws -> [String] {
        let rows = try await source.rows("SELECT f.chemin FROM nids_fiches f WHERE \(condition)") ?? []
        return rows.map { "\(words): \($0["chemin"] ?? "")" }
    }

    /// Each scan's reading against its result: the same sheet, told from the right origin, withdrawn where deleted.
    func compare(_ scans: [PlannedScan], _ places: [String: [String]], _ person: Person) async throws -> [String] {
        let rows =
            try await source.rows(
                """
                SELECT f.chemin, l.origine, l.document, l.retiree_le,
                (SELECT sha256 FROM nids_pages p WHERE p.lecture_id = l.id) AS sha256
                FROM nids_lectures l JOIN nids_fiches f ON f.id = l.fiche_id
                """) ?? []
        let byPath = Dictionary(rows.map { ($0["chemin"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        var violations: [String] = []
        for scan in scans {
            guard let row = byPath[scan.path] else {
                violations.append("not recorded: \(scan.path)")
                continue
            }
            guard let place = places[scan.path]?.first else {
                if row["retiree_le"] == nil { violations.append("its result is gone, its row is not: \(scan.path)") }
                continue
            }
            if row["retiree_le"] != nil { violations.append("withdrawn, though its result is there: \(scan.path)") }
            let bytes = try surroundings.cloud.bytes(at: place, as: nil) ?? []
            if row["document"] != Self.sheet(bytes) {
                violations.append("recorded otherwise than its result says: \(scan.path)")
            }
            let origins: Set<String> =
                if case .wrote(_, let origins)? = person.doings[place] { origins } else { ["modele"] }
            let origin = row["origine"] ?? ""
            if !origins.contains(origin) {
                violations.append("recorded as from \(origin): \(scan.path)")
            }
            if origins == ["modele"], row["sha256"] != scan.sha256 {
                violations.append("recorded under another content: \(scan.path)")
            }
        }
        return violations
    }

    private static func sheet(_ bytes: [UInt8]) -> String? {
        guard case .object(var object)? = try? JSONValue(parsing: bytes) else { return nil }
        object["nids_sync"] = nil
        return JSONValue.object(object).serialized(.canonical)
    }
}
