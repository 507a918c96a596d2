import DAV
import Foundation
import HTTP

extension ResultsFolder {
    /// The pause before a file is looked at again of which nothing is known for certain.
    private static let pause = Duration.seconds(30)

    /// A file as it lies there.
    struct Found: Sendable {
        var bytes: [UInt8]
        var etag: ETag?
        /// Its last modification, in seconds since 1970.
        var modified: Int?
        /// Set for a file that is too large to be a result; its bytes are not read.
        var isTooLarge = false

        var digest: String { ContentDigest.hex(of: bytes) }

        /// The file as a result, `nil` where it is none.
        var document: ResultDocument? { isTooLarge ? nil : try? ResultDocument(parsing: bytes) }
    }

    /// The file at a place, `nil` when it is proven that there is none.
    ///
    /// - Parameter ours: the digests of what we wrote there, which need no further proof.
    /// - Throws: `DAVError` and `WorkFault.later` for what proves nothing, `WorkFault.failed` for a folder.
    func read(_ place: RemotePath, ours: [String?] = []) async throws -> Found? {
        do {
            let (bytes, outcome) = try await dav.get(place, limit: ResultDocument.maximumSize, expecting: .unknown)
            breaker.recordSuccess(.nextcloud)
            let found = Found(
                bytes: bytes, etag: outcome.etag,
                modified: outcome.lastModified.flatMap { Int(exactly: $0.timeIntervalSince1970.rounded(.down)) })
            // A part of a JSON document is none, so that what can be read is whole.
            if !ours.contains(found.digest), found.document == nil { try await verify(found, place) }
            return found
        } catch let error as DAVError where error.kind == .notFound {
            try await proveAbsence(of: place, error)
            return nil
        } catch let error as DAVError where error.kind == .transport(.tooLarge(limit: ResultDocument.maximumSize)) {
            return Found(bytes: [], etag: try await dav.properties(of: place).etag, isTooLarge: true)
        }
    }

    /// Holds what is no result against the listing: a part of a file, or a page in its place, is a passing fault.
    private func verify(_ found: Found, _ place: RemotePath) async throws {
        let listed = try await dav.properties(of: place)
        if listed.isCollection {
            throw WorkFault.failed(reason: "a folder lies at \(place), where a result belongs: rename or remove it")
        }
        guard let length = listed.length, length != found.bytes.count else { return }
        let body: UnexpectedBody =
            found.bytes.count < length
            ? .incomplete(bytes: found.bytes.count, of: length) : .longer(bytes: found.bytes.count, than: length)
        throw DAVError(.unexpectedBody(body), path: place.description, detail: "\(body)", operation: .reading)
    }

    /// A 404 proves an absence only where the root is there and the folder above lacks the file.
    private func proveAbsence(of place: RemotePath, _ error: DAVError) async throws {
        guard error.proof != .nothing else { throw error }
        let rootID = dav.isNextcloud ? try await state.recall(.rootID) : nil
        switch await PresenceProbe(dav).presence(of: place, rootID: rootID) {
        case .absent: return
        case .present:
            throw WorkFault.later(
                reason: "\(place) changes just now", after: .seconds(5), counts: true, visible: false)
        case .unknown(let doubt):
            if doubt.concernsServer { throw doubt }
            throw WorkFault.later(
                reason: "it is not known whether \(place) is still there: \(doubt)", after: Self.pause, counts: true,
                visible: false)
        }
    }
}

extension ResultDocument {
    /// The words for our result of another scan at a result's place.
    static func words(ofOther scan: String, at place: RemotePath) -> String {
        "\(place) is our result of another scan (\(scan)): it stays as it is; move it away, or remove it"
    }
}
