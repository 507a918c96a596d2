import DAV
import GRDB

/// Finds files near a path among those that the last listings showed, scans and results.
struct NeighbourQuery {
    private static let most = 5

    let db: Database

    /// Some of them, those nearest first.
    ///
    /// - Parameter top: the collection in which they have to lie.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func files(near path: RemotePath, within top: RemotePath) throws -> [RemotePath] {
        var found: [RemotePath] = []
        var above = path.parent
        while let folder = above, folder.isInside(top), found.count < Self.most {
            let (low, high) = folder.descendants
            let inside: SQL = folder.isRoot ? "1" : "path >= \(low) AND path < \(high)"
            let results = try db.paths("SELECT path FROM result_file WHERE \(inside) AND path <> \(path) LIMIT 2")
            let scans = try db.paths(
                "SELECT path FROM scan WHERE \(inside) AND path <> \(path) AND missing = 0 LIMIT 2")
            for file in results + scans where !found.contains(file) { found.append(file) }
            above = folder.parent
        }
        return found
    }

    /// A scan of each of some folders that views lacked and that lies nowhere else.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func lackedScans(limit: Int) throws -> [RemotePath] {
        try db.paths(
            """
            SELECT min(path) AS path FROM scan AS gone WHERE missing > 0 AND missing = 1
            AND NOT EXISTS (SELECT 1 FROM scan AS other WHERE other.file_id = gone.file_id AND other.id <> gone.id
                AND other.missing = 0)
            GROUP BY folder LIMIT \(limit)
            """)
    }
}
