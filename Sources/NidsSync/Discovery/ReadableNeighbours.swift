import DAV
import HTTP

/// Proves that the storage of something that is missing is there: another file near it can be read.
///
/// Where the disk of an external storage is not mounted, and an empty folder is in its place, Nextcloud goes on listing
/// what it remembers, answers 503 for the first file that is read, forgets that file, and answers from then on as if a
/// person had deleted it (measured on Nextcloud 34 with a local external storage). Only reading tells the two apart; on
/// a server that remembers nothing, there is nothing left to be read.
struct ReadableNeighbours: Sendable {
    /// In bytes: more need not come to know that a file can be read.
    private static let enough = 1 << 16

    let state: StateDatabase
    let dav: DAVClient

    /// Finds out whether what lies near a path can be read.
    /// - Throws: `DAVError` where the login is refused, `DatabaseError`.
    func isReadable(near path: RemotePath) async throws -> Bool {
        for neighbour in try await state.read({ try $0.neighbours(of: path) }) {
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
    static func doubt(_ path: RemotePath) -> DAVError {
        DAVError(
            .incomplete, path: path.description,
            detail: "no file near it can be read either: its storage may be away, and nothing is inferred",
            operation: .reading)
    }
}
