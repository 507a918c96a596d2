import DAV
import Foundation
import GRDB

/// A place below the root as a person types it: servers and keyboards differ in the normal form.
struct PlaceFilter: Sendable {
    private let spellings: [RemotePath]

    /// `nil` for what can be no path.
    init?(_ text: String) {
        // A folder is one with a slash at its end too.
        let text = String(text.reversed().drop { $0 == "/" }.reversed())
        guard let path = RemotePath(text) else { return nil }
        let forms = [
            path, RemotePath(text.precomposedStringWithCanonicalMapping),
            RemotePath(text.decomposedStringWithCanonicalMapping),
        ]
        spellings = Array(Set(forms.compactMap { $0 }))
    }

    /// The condition on `scan`: it lies there, or below.
    var condition: String {
        spellings.map { $0.isRoot ? "1" : "scan.path = ? OR scan.path >= ? AND scan.path < ?" }
            .joined(separator: " OR ")
    }

    var arguments: StatementArguments {
        spellings.reduce(into: StatementArguments()) { arguments, path in
            guard !path.isRoot else { return }
            arguments += [path.blob, path.blob + Data("/".utf8), path.blob + Data("0".utf8)]
        }
    }
}

/// The jobs of some models at some places, whose scans are there and worked on.
struct JobScope {
    var models: [String]
    /// Everywhere, where it is empty.
    var places: [PlaceFilter]

    func jobs(_ condition: String, _ db: Database) throws -> [Int64] {
        let isAny = places.map { "(\($0.condition))" }.joined(separator: " OR ")
        let marks = Array(repeating: "?", count: models.count).joined(separator: ", ")
        return try Int64.fetchAll(
            db,
            sql: """
                SELECT job.id FROM job WHERE (\(condition)) AND job.model IN (\(marks)) AND EXISTS (SELECT 1 FROM scan
                WHERE scan.sheet_id = job.sheet_id AND scan.missing < 2 AND scan.left_out IS NULL
                \(places.isEmpty ? "" : "AND (\(isAny))")) ORDER BY job.id
                """,
            arguments: places.reduce(into: StatementArguments(models)) { $0 += $1.arguments })
    }
}
