import DAV
import Foundation
import HTTP

/// Our files in Nextcloud. The rules that hold for all of them stand here: how many are sent at once, that our own
/// changes are told from those of people, and that nothing is asked of what fails just now.
struct ResultsFolder: Sendable {
    /// Uploads at once.
    private static let concurrency = 8

    let dav: DAVClient
    let breaker: CircuitBreaker
    let ownUploads: OwnUploads
    private let uploads = Limiter(Self.concurrency)

    init(dav: DAVClient, breaker: CircuitBreaker, ownUploads: OwnUploads) {
        self.dav = dav
        self.breaker = breaker
        self.ownUploads = ownUploads
    }

    /// A file as it lies there.
    struct Found: Sendable {
        var bytes: [UInt8]
        var etag: ETag?

        var digest: String { ContentDigest.hex(of: bytes) }
    }

    /// Stops the work on a sheet where the server cannot be asked.
    /// - Throws: `WorkFault.waiting`.
    func requireServer() throws(WorkFault) { try breaker.require(.nextcloud) }

    /// Stops the work on a sheet where nothing can be uploaded.
    /// - Throws: `WorkFault.waiting`.
    func requireUploads() throws(WorkFault) {
        try breaker.require(.uploads)
        try breaker.require(.nextcloud)
    }

    /// The file at a place, `nil` when there is none.
    /// - Throws: `WorkFault.failed` for one that is too large for a result, `DAVError`.
    func read(_ place: RemotePath) async throws -> Found? {
        do throws(DAVError) {
            let (bytes, etag) = try await dav.get(place, limit: ResultDocument.maximumSize)
            return Found(bytes: bytes, etag: etag)
        } catch {
            if error.kind == .notFound { return nil }
            guard error.kind == .transport(.tooLarge(limit: ResultDocument.maximumSize)) else { throw error }
            throw WorkFault.failed(
                reason: "\(place) is there already and is no result (too large): remove it, or put it right")
        }
    }

    /// Writes a file, where the precondition holds.
    ///
    /// - Returns: its ETag, `nil` where the server does not tell a strong one.
    /// - Throws: `DAVError`.
    func put(_ place: RemotePath, _ bytes: [UInt8], _ precondition: Precondition) async throws -> ETag? {
        let outcome = try await uploads.run {
            try await ownUploads.during {
                try await dav.put(place, bytes, contentType: "application/json", precondition)
            }
        }
        breaker.recordSuccess(.uploads)
        return outcome.etag
    }

    /// Moves a file to a place where nothing lies.
    /// - Throws: `DAVError`.
    func move(_ from: RemotePath, to place: RemotePath) async throws {
        try await ownUploads.during { try await dav.move(from, to: place) }
    }
}
