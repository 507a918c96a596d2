public import Foundation
import HTTP
import HTTPTypes

/// The reach of a PROPFIND (RFC 4918, section 10.2).
public enum Depth: String, Sendable {
    case zero = "0"
    case one = "1"
    case infinity
}

extension DAVClient {
    /// The request body that asks for the properties of a listing.
    package static let propfindBody = body(asking: [])

    private static let pollBody =
        #"<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:resourcetype/></d:prop></d:propfind>"#

    static func body(asking further: PropertySet) -> String {
        let nextcloud = further.contains(.locks) ? #" xmlns:nc="http://nextcloud.org/ns""# : ""
        return """
            <?xml version="1.0" encoding="utf-8"?>\
            <d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"\(nextcloud)><d:prop>\
            <d:getetag/><d:resourcetype/><d:getcontentlength/><oc:fileid/><oc:permissions/>\(further.elements)\
            </d:prop></d:propfind>
            """
    }

    /// The properties that the server gives of one resource.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func properties(of path: RemotePath, isCollection: Bool = false) async throws(DAVError) -> Resource {
        try await properties(of: path, isCollection: isCollection, Self.propfindBody).resource
    }

    /// The properties that the server gives of one resource, and its clock.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func properties(
        of path: RemotePath, isCollection: Bool = false, adding further: PropertySet
    ) async throws(DAVError) -> (resource: Resource, date: Date?) {
        try await properties(of: path, isCollection: isCollection, Self.body(asking: further))
    }

    /// The lock that somebody holds on a file, `nil` when nobody does or the server does not say (Nextcloud's app `files_lock` does).
    ///
    /// Nextcloud's 423 names no owner. Its Text editor locks a file as long as it is open, for everybody, the owner
    /// included, and for ever where the browser was killed.
    /// - Throws: `DAVError`; `.notFound` when the file is not there.
    public func lock(of path: RemotePath) async throws(DAVError) -> ResourceLock? {
        try await properties(of: path, adding: .locks).resource.lock
    }

    /// A collection's kind and ETag: all that a poll needs, in as few bytes as say it.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func etag(of collection: RemotePath) async throws(DAVError) -> Resource {
        try await properties(of: collection, isCollection: true, Self.pollBody).resource
    }

    /// The same as `etag(of:)`.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func tag(of collection: RemotePath) async throws(DAVError) -> Resource { try await etag(of: collection) }

    private func properties(
        of path: RemotePath, isCollection: Bool, _ body: String
    ) async throws(DAVError) -> (resource: Resource, date: Date?) {
        let answer = try await answer(path, isCollection: isCollection, body)
        guard let resource = answer.resources.first(where: { $0.path == path }) else {
            let failure = answer.failures.first { $0.path == path } ?? answer.failures.first
            throw DAVError(
                .malformed, path: collection.readableName(of: path), status: 207,
                detail: failure?.reason ?? "the answer does not mention the resource asked for", operation: .listing,
                date: answer.date)
        }
        return (resource, answer.date)
    }

    /// This client's collection in the server's own spelling, which may be another Unicode form than a person typed.
    /// - Throws: `DAVError`; `.notFound` when the collection is not there.
    public func respelledCollection() async throws(DAVError) -> CollectionURL {
        let answer = try await answer(.root, isCollection: true, Self.pollBody, checksAddress: false)
        if let respelled = answer.firstHref.flatMap(collection.respelled) { return respelled }
        try checkAddress(answer.firstHref, sawResource: !answer.resources.isEmpty, .root)
        return collection
    }

    private func answer(
        _ path: RemotePath, isCollection: Bool, _ body: String, checksAddress: Bool = true
    ) async throws(DAVError) -> (
        resources: [Resource], failures: [FailedEntry], firstHref: [UInt8]?, date: Date?
    ) {
        let request = try propfind(path, depth: .zero, isCollection: isCollection)
        let reply = try await send(request, path, body: .text(body), accepting: [207])
        let parser: MultistatusParser
        let resources: [Resource]
        do throws(XMLPushError) {
            parser = try MultistatusParser(collection: collection)
            resources = try parser.feed(reply.body)
            try parser.finish()
        } catch {
            throw DAVError(
                .malformed, path: collection.readableName(of: path), status: 207, detail: error.explanation,
                operation: .listing, answerer: Self.answerer(reply.body), date: reply.head.date)
        }
        if checksAddress { try checkAddress(parser.firstHref, sawResource: parser.sawResource, path) }
        return (resources, parser.failures, parser.firstHref, reply.head.date)
    }

    static func answerer(_ beginning: [UInt8]) -> Answerer? {
        guard case .webPage(let title) = ForeignText(beginning) else { return nil }
        return .webPage(title: title)
    }

    /// Told before anything is inferred or written: a server whose addresses are others than ours.
    func checkAddress(_ firstHref: [UInt8]?, sawResource: Bool, _ path: RemotePath) throws(DAVError) {
        guard !sawResource, let firstHref, !firstHref.isEmpty,
            let misnaming = collection.misnaming(of: path, decodedHref: firstHref)
        else { return }
        throw DAVError(
            .wrongAddress, path: collection.readableName(of: path), status: 207, detail: misnaming,
            operation: .listing, answerer: isNextcloud ? .nextcloud : .webDAV, proof: .nothing)
    }

    func propfind(_ path: RemotePath, depth: Depth, isCollection: Bool) throws(DAVError) -> HTTPRequest {
        var headers: HTTPFields = [.contentType: "application/xml; charset=utf-8"]
        if let name = HTTPField.Name("Depth") { headers[name] = depth.rawValue }
        return try request(.propfind, path, isCollection: isCollection, headers: headers)
    }
}

extension XMLPushError {
    var explanation: String {
        switch self {
        case .malformed(let line, let message): "line \(line): \(message.isEmpty ? "not well-formed XML" : message)"
        case .forbidden(let message): message
        case .tooDeep: "elements nested too deeply"
        case .noMemory: "out of memory"
        case .foreign(let text): text
        }
    }
}
