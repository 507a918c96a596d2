import Foundation
import ModelStandIn
import NextcloudStandIn
import Transcriber

/// Checks the files among the results: none is overwritten, lost or brought back, and each is of its scan.
struct ResultAudit {
    let surroundings: Surroundings
    private var known: [String: [UInt8]] = [:]

    init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// What has happened to the files since the last look that nobody but a person may do.
    mutating func look(_ person: Person) throws -> [String] {
        var violations: [String] = []
        var found: [String: [UInt8]] = [:]
        for path in try surroundings.resultPaths() { found[path] = try surroundings.cloud.bytes(at: path, as: nil) }
        for (path, doing) in person.doings {
            switch doing {
            case .wrote(let bytes, _):
                if found[path] != bytes { violations.append("a person's file is not as they left it: \(path)") }
            case .deleted:
                if found[path] != nil { violations.append("brought back after a person deleted it: \(path)") }
            }
        }
        for (path, bytes) in known where person.doings[path] == nil {
            if found[path] == nil { violations.append("lost: \(path)") }
            if let now = found[path], now != bytes { violations.append("overwritten: \(path)") }
        }
        known = found
        return violations
    }

    /// Which results were read from which scan, as they say themselves, each checked against it.
    func sources(_ scans: [PlannedScan], _ person: Person) throws -> (byScan: [String: [String]], violations: [String])
    {
        var byScan: [String: [String]] = [:]
        var violations: [String] = []
        let planned = Dictionary(scans.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for (path, bytes) in known {
            guard let document = try? JSONValue(parsing: bytes) else {
                violations.append("not JSON: \(path)")
                continue
            }
            guard let own = document["nids_sync"] else {
                // A person's own; the scan is the one it was written for.
                for scan in scans where path == Surroundings.results + "/" + scan.plainPlace && scan.written != nil {
                    byScan[scan.path, default: []].append(path)
                }
                if person.doings[path] == nil { violations.append("without nids_sync: \(path)") }
                continue
            }
            let sources = own["source"]?.array ?? []
            guard sources.count == 1, let scan = sources[0]["path"]?.string.flatMap({ planned[$0] }) else {
                violations.append("names no scan of ours: \(path)")
                continue
            }
            byScan[scan.path, default: []].append(path)
            violations += check(document, own, scan, at: path, isPersons: person.doings[path] != nil)
        }
        return (byScan, violations)
    }

    private func check(_ document: JSONValue, _ own: JSONValue, _ scan: PlannedScan, at path: String, isPersons: Bool)
        -> [String]
    {
        var violations: [String] = []
        if own["source"]?.array?.first?["sha256"]?.string != scan.sha256 {
            violations.append("of other content than its scan: \(path)")
        }
        let folder = Surroundings.results + "/" + scan.folder + "/gemini_3_flash/"
        if ![folder + scan.stem + "_result.json", folder + scan.name + "_result.json"].contains(path) {
            violations.append("not at its place: \(path)")
        }
        guard !isPersons else { return violations }
        guard case .object(var sheet) = document else { return violations }
        sheet["nids_sync"] = nil
        let text = JSONValue.object(sheet).serialized(.canonical)
        if own["digest"]?.string != "sha256:" + PlannedScan.hex(Array(text.utf8)) {
            violations.append("its digest is wrong: \(path)")
        }
        let answer = try? JSONValue(parsing: SampleFiche.json(seed: Array(scan.sha256.utf8)))
        let number = answer?["informations_generales"]?["n_fiche"]
        if number == nil || document["informations_generales"]?["n_fiche"] != number {
            violations.append("not what the model read on its scan: \(path)")
        }
        return violations
    }
}
