import DAV
import Foundation
import GRDB

/// A place below the root as a person types it: servers and keyboards differ in the normal form.
struct PlaceFilter: Sendable {
    private let spellings: [RemotePath]

    /// `nil` for a text that can be no path.
    init?(_ text: String) {
        // A folder is one with a slash at its end too.
        let text = String(text.reversed().drop { $0 == "/" }.reversed())
        guard RemotePath(text) != nil else { return nil }
        spellings = Self.spellings(text)
    }

    /// The path as it stands, composed and decomposed.
    static func spellings(_ text: String) -> [RemotePath] {
        let forms = [text, text.precomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping]
        return Array(Set(forms.compactMap { RemotePath($0) }))
    }

    /// The condition on `scan`: it lies there, or below.
    var condition: SQL {
        let places = spellings.map { path -> SQL in
            guard !path.isRoot else { return "1" }
            let (low, high) = path.descendants
            return "scan.path = \(path) OR scan.path >= \(low) AND scan.path < \(high)"
        }
        return "(\(places.joined(separator: " OR ")))"
    }
}

/// The jobs of some models at some places, whose scans are there and worked on.
struct JobScope {
    var models: [String]
    /// Everywhere, where it is empty.
    var places: [PlaceFilter]

    /// The jobs among these for which a condition on `job` holds, in the order of their ids.
    /// - Throws: `DatabaseError`.
    func jobs(_ condition: SQL, _ db: Database) throws -> [Int64] {
        let isThere: SQL = places.isEmpty ? "" : "AND (\(places.map(\.condition).joined(separator: " OR ")))"
        // A person may name a scan that stands by: the sheet is meant.
        let isOfSheet: SQL =
            places.isEmpty
            ? "scan.sheet_id = job.sheet_id" : "(scan.sheet_id = job.sheet_id OR scan.variant_of = job.sheet_id)"
        return try db.values(
            """
            SELECT job.id FROM job WHERE (\(condition)) AND job.model IN \(models) AND EXISTS (SELECT 1 FROM scan
            WHERE \(isOfSheet) AND scan.missing < 2 AND scan.left_out IS NULL \(isThere)) ORDER BY job.id
            """)
    }
}
