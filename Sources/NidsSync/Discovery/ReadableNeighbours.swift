import DAV
import HTTP

/// Proves that the storage of something that is missing is there: another file near it can be read.
///
/// Where the disk of an external storage is not mounted, and an empty folder is in its place, Nextcloud goes on listing
/// what it remembers, answers 503 for the first file that is read, forgets that file, and answers from then on as if a
/// person had deleted it (measured on Nextcloud 34 with a local external storage). Only reading tells the two apart; on
/// a server that remembers nothing, there is nothing left to be read. What lay in a storage of its own is proven by a file
/// of that storage.
struct ReadableNeighbours: Sendable {
    /// In bytes: more need not come to know that a file can be read.
    private static let enough = 1 << 16

    let state: StateDatabase
    let dav: DAVClient

    /// Finds out whether what lies near a path can be read.
    /// - Throws: `DAVError` where the login is refused, `DatabaseError`.
    func isReadable(near path: RemotePath) async throws -> Bool {
        let neighbours = try await state.read { tables in
            let mounts = MountPoints(remembered: try tables.memory.recall(.mounts))
            return try tables.neighbours.files(near: path, within: mounts.point(of: path) ?? .root)
        }
        for neighbour in neighbours {
            do throws(DAVError) {
                _ = try await dav.get(neighbour, limit: Self.enough)
                return true
            } catch {
                switch error.kind {
                case .transport(.tooLarge(limit: Self.enough)): return true
                case .unauthorized: throw error
                default: continue
                }
            }
        }
        return false
    }

    /// The error for something that may only be out of reach.
    ///
    /// - Parameter isMounted: `true` where it lay in a storage of its own, which a person may have taken away for good.
    static func doubt(_ path: RemotePath, isMounted: Bool = false) -> DAVError {
        let advice =
            isMounted ? ". If the storage was taken away for good, run once with --accept-change" : ""
        return DAVError(
            .incomplete, path: path.description,
            detail: "no file near it can be read either: its storage may be away, and nothing is inferred" + advice,
            operation: .reading)
    }
}
