import HTTP
import HTTPTypes

/// How far a PROPFIND reaches (RFC 4918, section 10.2).
public enum Depth: String, Sendable {
    case zero = "0"
    case one = "1"
    case infinity
}

extension DAVClient {
    /// The properties asked for.
    package static let propfindBody = """
        <?xml version="1.0" encoding="utf-8"?>\
        <d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop>\
        <d:getetag/><d:resourcetype/><d:getcontentlength/><oc:fileid/><oc:permissions/>\
        </d:prop></d:propfind>
        """

    /// How long a server may think before the first byte of a listing: 84,571 resources took Nextcloud 8.4 s.
    private static let listingPatience = Duration.seconds(600)

    /// Lists resources, in batches as they arrive; the listed collection itself is among them.
    ///
    /// - Parameter receive: is given each batch; the server waits while it works.
    /// - Throws: `DAVError`; `.incomplete` when the listing ended early or holds an error, after all batches that did
    ///   arrive. Then nothing may be inferred from what is missing. Whatever `receive` throws.
    public func list(
        _ path: RemotePath, depth: Depth, _ receive: ([Resource]) async throws -> Void
    ) async throws {
        let request = try propfind(path, depth: depth, isCollection: true)
        var timeouts = http.timeouts
        timeouts.firstByte = max(timeouts.firstByte, Self.listingPatience)
        let outcome: Result<Void, any Error>
        do {
            outcome = try await http.stream(request, body: .text(Self.propfindBody), timeouts: timeouts) {
                head, body in
                // Handed out as a value: an error that `receive` throws is not ours to reword.
                do {
                    guard head.status.code == 207 else {
                        throw DAVError(head, body: await Self.collect(body), path: path.description)
                    }
                    return .success(try await parse(body, of: path, receive))
                } catch {
                    return .failure(error)
                }
            }
        } catch let error as HTTPError {
            throw DAVError(error, path: path.description)
        }
        try outcome.get()
    }

    private func parse(
        _ body: HTTPBodyStream, of path: RemotePath, _ receive: ([Resource]) async throws -> Void
    ) async throws {
        let parser: MultistatusParser
        do throws(XMLPushError) {
            parser = try MultistatusParser(collection: collection)
        } catch {
            throw DAVError(.incomplete, path: path.description, detail: error.explanation)
        }
        while let resources = try await next(body, parser, path) {
            if !resources.isEmpty { try await receive(resources) }
        }
        if let problem = parser.problems.first {
            throw DAVError(.incomplete, path: path.description, status: 207, detail: problem)
        }
    }

    /// The resources that the next bytes complete, `nil` at the end of the document.
    private func next(
        _ body: HTTPBodyStream, _ parser: MultistatusParser, _ path: RemotePath
    ) async throws(DAVError) -> [Resource]? {
        let reason: String
        do throws(HTTPError) {
            let bytes = try await body.next()
            do throws(XMLPushError) {
                if let bytes { return try parser.feed(bytes) }
                try parser.finish()
                return nil
            } catch {
                reason = error.explanation
            }
        } catch {
            if error == .cancelled { throw DAVError(error, path: path.description) }
            reason = error.explanation
        }
        throw DAVError(.incomplete, path: path.description, status: 207, detail: "the listing broke off: \(reason)")
    }

    /// What the server says of one resource.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func properties(of path: RemotePath, isCollection: Bool = false) async throws(DAVError) -> Resource {
        try await properties(of: path, isCollection: isCollection, Self.propfindBody)
    }

    /// Whether a collection is there, and its tag: all that a poll needs, in as few bytes as say it.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func tag(of collection: RemotePath) async throws(DAVError) -> Resource {
        try await properties(of: collection, isCollection: true, Self.pollBody)
    }

    private static let pollBody =
        #"<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:resourcetype/></d:prop></d:propfind>"#

    private func properties(
        of path: RemotePath, isCollection: Bool, _ body: String
    ) async throws(DAVError) -> Resource {
        let parser = try await answer(path, isCollection: isCollection, body)
        guard let resource = parser.resources.first(where: { $0.path == path }) else {
            throw DAVError(
                .malformed, path: path.description, status: 207,
                detail: parser.problem ?? "the answer does not mention the resource asked for")
        }
        return resource
    }

    /// This client's collection in the server's own spelling, which may be another Unicode form than a person typed.
    /// - Throws: `DAVError`; `.notFound` when the collection is not there.
    public func respelledCollection() async throws(DAVError) -> CollectionURL {
        let parser = try await answer(.root, isCollection: true, Self.pollBody)
        return parser.firstHref.flatMap(collection.respelled) ?? collection
    }

    private func answer(
        _ path: RemotePath, isCollection: Bool, _ body: String
    ) async throws(DAVError) -> (resources: [Resource], problem: String?, firstHref: [UInt8]?) {
        let request = try propfind(path, depth: .zero, isCollection: isCollection)
        let reply = try await send(request, path, body: .text(body), accepting: [207])
        do throws(XMLPushError) {
            let parser = try MultistatusParser(collection: collection)
            let resources = try parser.feed(reply.body)
            try parser.finish()
            return (resources, parser.problems.first, parser.firstHref)
        } catch {
            throw DAVError(.malformed, path: path.description, status: 207, detail: error.explanation)
        }
    }

    private func propfind(_ path: RemotePath, depth: Depth, isCollection: Bool) throws(DAVError) -> HTTPRequest {
        var headers: HTTPFields = [.contentType: "application/xml; charset=utf-8"]
        if let name = HTTPField.Name("Depth") { headers[name] = depth.rawValue }
        return try request(.propfind, path, isCollection: isCollection, headers: headers)
    }

    /// What there is of an error's body: its status counts, even where its page breaks off.
    private static func collect(_ body: HTTPBodyStream) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < 64 << 10, let more = try? await body.next() { bytes += more }
        return bytes
    }
}

extension XMLPushError {
    var explanation: String {
        switch self {
        case .malformed(let line, let message): "line \(line): \(message.isEmpty ? "not well-formed XML" : message)"
        case .forbidden(let message): message
        case .tooDeep: "elements nested too deeply"
        case .noMemory: "out of memory"
        }
    }
}
