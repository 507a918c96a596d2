import Foundation
import GRDB
import NextcloudStandIn
import Transcriber

/// Checks the rows of the observations, on a copy of their file.
struct ObservationAudit {
    let surroundings: Surroundings

    /// What must hold at any instant: whole transactions, one reading a sheet, no sheet that nobody dropped.
    func look(_ scans: [PlannedScan]) throws -> [String] {
        let paths = Set(scans.map(\.path))
        return try surroundings.reading("observations.sqlite") { db in
            var violations: [String] = []
            let integrity = try String.fetchOne(db, sql: "PRAGMA integrity_check")
            if integrity != "ok" { violations.append("the observations' file is damaged: \(integrity ?? "")") }
            guard try db.tableExists("nids_controles") else { return violations }
            let sheets = try String.fetchAll(db, sql: "SELECT chemin FROM nids_fiches")
            if Set(sheets).count < sheets.count { violations.append("a sheet has two rows") }
            violations += Set(sheets).subtracting(paths).map { "recorded, but nobody dropped it: \($0)" }
            violations += try String.fetchAll(
                db,
                sql: """
                    SELECT f.chemin FROM nids_fiches f LEFT JOIN nids_lectures l ON l.fiche_id = f.id
                    GROUP BY f.id HAVING count(l.id) <> 1
                    """
            ).map { "not one reading: \($0)" }
            violations += try String.fetchAll(
                db,
                sql: """
                    SELECT f.chemin FROM nids_lectures l JOIN nids_fiches f ON f.id = l.fiche_id
                    WHERE (SELECT count(*) FROM nids_pages p WHERE p.lecture_id = l.id) <> 1
                    OR (SELECT count(*) FROM nids_visites v WHERE v.lecture_id = l.id) <> 2
                    """
            ).map { "not all of its rows, or too many: \($0)" }
            return violations
        } ?? []
    }

    /// Each scan's reading against its result: the same sheet, told from the right origin, withdrawn where deleted.
    func compare(_ scans: [PlannedScan], _ places: [String: [String]], _ person: Person) throws -> [String] {
        let rows =
            try surroundings.reading("observations.sqlite") { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT f.chemin, l.origine, l.document, l.retiree_le, l.est_principal, l.chemin_resultat,
                        (SELECT sha256 FROM nids_pages p WHERE p.lecture_id = l.id) AS sha256
                        FROM nids_lectures l JOIN nids_fiches f ON f.id = l.fiche_id
                        """)
            } ?? []
        let byPath = Dictionary(rows.map { ($0["chemin"] as String, $0) }, uniquingKeysWith: { first, _ in first })
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
            if row["document"] as String? != Self.sheet(bytes) {
                violations.append("recorded otherwise than its result says: \(scan.path)")
            }
            let origins: Set<String> =
                if case .wrote(_, let origins)? = person.doings[place] { origins } else { ["modele"] }
            if !origins.contains(row["origine"]) {
                violations.append("recorded as from \(row["origine"] as String): \(scan.path)")
            }
            if origins == ["modele"], row["sha256"] as String? != scan.sha256 {
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
