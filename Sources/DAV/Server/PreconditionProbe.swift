import HTTP
import HTTPTypes

/// The preconditions that a server honours.
public struct PreconditionSupport: Sendable, Hashable, Codable {
    /// True when `If-Match` with an ETag that nothing has was refused with 412.
    public var honoursIfMatch: Bool
    /// True when `If-None-Match: *` on a file that is there was refused with 412.
    public var honoursIfNoneMatch: Bool
    /// True when both are honoured: a PUT under a precondition overwrites nobody.
    public var honoursBoth: Bool { honoursIfMatch && honoursIfNoneMatch }
}

/// Finds out whether a server honours preconditions (RFC 9110, section 13.1).
public struct PreconditionProbe: Sendable {
    private let client: DAVClient

    /// A probe that asks by that client.
    public init(_ client: DAVClient) { self.client = client }

    /// Tries two uploads that must be refused, on a file that is ours and there.
    ///
    /// rclone's server and Go's x/net/webdav ignore both. A server that ignores them writes the file once more with the
    /// content given, so that has to be the content that the file has.
    /// - Parameters:
    ///   - path: a file that is there and ours, such as `.nids-sync.json`.
    ///   - content: exactly its content.
    ///   - contentType: its media type.
    /// - Throws: `DAVError` when the server answers with neither success nor 412.
    public func support(
        on path: RemotePath, content: [UInt8], contentType: String
    ) async throws(DAVError) -> PreconditionSupport {
        let ifNoneMatch = try await isRefused(path, content, contentType, .ifNoneMatch, "*")
        let ifMatch = try await isRefused(path, content, contentType, .ifMatch, "\"nids-sync-\(Self.impossible)\"")
        return PreconditionSupport(honoursIfMatch: ifMatch, honoursIfNoneMatch: ifNoneMatch)
    }

    /// No server makes this ETag.
    private static let impossible = "no-file-has-this-etag"

    private func isRefused(
        _ path: RemotePath, _ content: [UInt8], _ contentType: String, _ field: HTTPField.Name, _ value: String
    ) async throws(DAVError) -> Bool {
        let request = try client.request(.put, path, headers: [.contentType: contentType, field: value])
        let reply = try await client.send(request, path, body: .bytes(content), accepting: [200, 201, 204, 412])
        return reply.status == 412
    }
}
