import DAV
import Foundation
import HTTP

/// Reads result files, and says of each what is proven: its content, or that it is not there.
struct ResultReader: Sendable {
    let state: StateDatabase
    let dav: DAVClient

    /// A file that was read.
    struct Found: Sendable {
        var bytes: [UInt8]
        var etag: ETag?
        /// Set where another write within the second of its last modification may leave the same ETag.
        var mayChangeUnseen: Bool

        var digest: String { ContentDigest.hex(of: bytes) }
    }

    /// The finding at a place.
    enum Finding: Sendable {
        case file(Found)
        /// Larger than any result.
        case tooLarge
        /// It is not there: a complete listing lacks it.
        case absent
    }

    /// Reads the file at a place.
    /// - Throws: `DAVError` for what proves nothing: a passing fault; `DatabaseError`.
    func read(_ path: RemotePath) async throws -> Finding {
        let listed = try await state.read { try $0.resultFiles.listed(path) }
        do throws(DAVError) {
            return .file(try await get(path, listed))
        } catch {
            switch error.kind {
            case .transport(.tooLarge(limit: ResultDocument.maximumSize)): return .tooLarge
            case .notFound: break
            default: throw error
            }
            // The last listing was complete where it made the state forget the file.
            if listed == nil, error.proof == .absence || error.proof == .claimedAbsence { return .absent }
            return try await confirm(path, error)
        }
    }

    private func get(_ path: RemotePath, _ listed: ListedResult?) async throws(DAVError) -> Found {
        let expected = BodyExpectation(
            length: listed?.length, etag: listed?.etag.flatMap(ETag.init), refusesOtherETag: false)
        let (bytes, outcome) = try await dav.get(path, limit: ResultDocument.maximumSize, expecting: expected)
        if outcome.agreement == .differs {
            // A server whose downloads never have the listing's ETag: the same content twice decides.
            let again = try await dav.get(path, limit: ResultDocument.maximumSize, expecting: expected)
            guard again.bytes == bytes else {
                throw DAVError(
                    .incomplete, path: path.description, detail: "it changes while it is being read",
                    operation: .reading)
            }
        }
        // The listing's: the next one is compared with it.
        return Found(
            bytes: bytes, etag: expected.etag ?? outcome.etag,
            mayChangeUnseen: outcome.lastModified != nil && !outcome.hasFinalETag)
    }

    private func confirm(_ path: RemotePath, _ error: DAVError) async throws -> Finding {
        let rootID = try await state.recall(.rootID)
        switch await PresenceProbe(dav).presence(of: path, rootID: rootID) {
        case .absent: return .absent
        case .unknown(let doubt): throw doubt
        case .present: throw error
        }
    }
}
