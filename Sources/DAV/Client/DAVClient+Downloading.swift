import Foundation
import HTTP
import HTTPTypes

extension DAVClient {
    /// Downloads a file into a local one, which is made or emptied first.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - file: the local file's path.
    ///   - limit: the largest file taken, in bytes.
    /// - Returns: the ETag of what was downloaded, where the server names one.
    /// - Throws: `DAVError`; the local file may then be there in part.
    public func get(_ path: RemotePath, to file: String, limit: Int? = nil) async throws(DAVError) -> ETag? {
        try await fetch(path, to: file, limit: limit).head.headerFields[.eTag].flatMap(ETag.init)
    }

    /// Downloads a file into a local one and believes it only when it is what was listed.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - file: the local file's path; it is made or emptied first.
    ///   - limit: the largest file taken, in bytes.
    ///   - expected: what the listing says of it.
    /// - Throws: `DAVError`, `.unexpectedBody` when something else came; the local file may then be there in part.
    public func get(
        _ path: RemotePath, to file: String, limit: Int? = nil, expecting expected: BodyExpectation
    ) async throws(DAVError) -> DownloadOutcome {
        let reply = try await fetch(path, to: file, limit: limit)
        let evidence = BodyEvidence(reply.head, length: reply.bodyLength, beginning: Self.beginning(ofFile: file))
        return try outcome(evidence, reply, path, expected)
    }

    /// Downloads a small file into memory.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func get(_ path: RemotePath, limit: Int) async throws(DAVError) -> (bytes: [UInt8], etag: ETag?) {
        let reply = try await fetch(path, limit: limit)
        return (reply.body, reply.head.headerFields[.eTag].flatMap(ETag.init))
    }

    /// Downloads a small file into memory and believes it only when it is what was listed.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: the largest file taken, in bytes.
    ///   - expected: what the listing says of it; `.unknown` refuses web pages alone.
    /// - Throws: `DAVError`; `.unexpectedBody` when something else came, `.notFound` when it is not there.
    public func get(
        _ path: RemotePath, limit: Int, expecting expected: BodyExpectation
    ) async throws(DAVError) -> (bytes: [UInt8], outcome: DownloadOutcome) {
        let reply = try await fetch(path, limit: limit)
        let evidence = BodyEvidence(reply.head, length: reply.bodyLength, beginning: Array(reply.body.prefix(4 << 10)))
        return (reply.body, try outcome(evidence, reply, path, expected))
    }

    private func outcome(
        _ evidence: BodyEvidence, _ reply: HTTPReply, _ path: RemotePath, _ expected: BodyExpectation
    ) throws(DAVError) -> DownloadOutcome {
        if let refusal = evidence.refusal(expected) {
            throw DAVError(
                .unexpectedBody(refusal), path: collection.readableName(of: path), status: reply.status,
                detail: "\(refusal)", operation: .reading, answerer: Self.answerer(refusal, isNextcloud),
                date: reply.head.date)
        }
        let used = evidence.usedETag(expected)
        return DownloadOutcome(
            etag: used.etag, isOCETag: used.isOCETag, agreement: evidence.agreement(with: expected),
            length: reply.bodyLength, date: reply.head.date,
            lastModified: reply.head.headerFields[.lastModified].flatMap(HTTPDate.parse))
    }

    private static func answerer(_ refusal: UnexpectedBody, _ isNextcloud: Bool) -> Answerer {
        if case .webPage(_, let title) = refusal { return .webPage(title: title) }
        return isNextcloud ? .nextcloud : .webDAV
    }

    private func fetch(_ path: RemotePath, to file: String, limit: Int?) async throws(DAVError) -> HTTPReply {
        let request = try request(.get, path, headers: Self.identity)
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.download(
                request, to: file, limit: limit, timeouts: timeouts(), redirects: .withinOrigin)
        } catch {
            throw DAVError(error, path: collection.readableName(of: path), .get)
        }
        guard reply.status == 200 else { throw fault(reply.head, reply.body, path, .get) }
        return reply
    }

    private func fetch(_ path: RemotePath, limit: Int) async throws(DAVError) -> HTTPReply {
        let request = try request(.get, path, headers: Self.identity)
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.send(request, limit: limit, timeouts: timeouts(), redirects: .withinOrigin)
        } catch {
            throw DAVError(error, path: collection.readableName(of: path), .get)
        }
        guard reply.status == 200 else { throw fault(reply.head, reply.body, path, .get) }
        return reply
    }

    /// Without it any coding may be used (RFC 9110, section 12.5.3), and compressing servers change the ETag.
    private static let identity: HTTPFields = [.acceptEncoding: "identity"]

    private static func beginning(ofFile path: String) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        return Array((try? handle.read(upToCount: 4 << 10)) ?? Data())
    }
}
