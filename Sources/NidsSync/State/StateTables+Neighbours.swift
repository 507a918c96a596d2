import DAV
import GRDB

extension StateTables {
    private static let mostNeighbours = 5

    /// Some of the files that the last listings showed, those nearest to a path first.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func neighbours(of path: RemotePath) throws -> [RemotePath] {
        var found: [RemotePath] = []
        var above = path.parent
        while let folder = above, found.count < Self.mostNeighbours {
            let (low, high) = folder.descendants
            let inside: SQL = folder.isRoot ? "1" : "path >= \(low) AND path < \(high)"
            let files = try db.paths("SELECT path FROM result_file WHERE \(inside) AND path <> \(path) LIMIT 2")
            let seen = try db.paths("SELECT path FROM scan WHERE \(inside) AND path <> \(path) AND missing = 0 LIMIT 2")
            for file in files + seen where !found.contains(file) { found.append(file) }
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
