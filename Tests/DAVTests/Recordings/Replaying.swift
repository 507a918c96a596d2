import HTTP
import HTTPTypes
import TestSupport

@testable import DAV

/// Runs a server that gives that answer to everything, and a client for the recording's collection on it.
func replaying<Value: Sendable>(
    _ exchange: RecordedExchange, _ body: (DAVClient, ScriptedServer) async throws -> Value
) async throws -> Value {
    let answer = exchange.answer
    return try await ScriptedServer.run({ connection in
        while try connection.readRequest() != nil { try connection.send(answer) }
    }) { server in
        let root =
            exchange.request.path.hasPrefix("/remote.php/dav/files/schneider")
            ? "/remote.php/dav/files/schneider" : "/remote.php/dav"
        guard let collection = CollectionURL(server.url + root) else { throw TestFailure("not a URL") }
        let client = DAVClient(
            collection: collection, credentials: Credentials(user: "schneider", password: Secret("hunter2")),
            isNextcloud: true, http: HTTPClient())
        return try await body(client, server)
    }
}

/// What our client makes of a recording, in one line.
func verdict(on exchange: RecordedExchange) async throws -> String {
    try await replaying(exchange) { client, server in
        do {
            return try await outcome(of: exchange, client, server)
        } catch let error as DAVError {
            return "\(error.kind)\(error.isRetryable ? ", later" : ""): \(error.detail)"
        }
    }
}

private func outcome(of exchange: RecordedExchange, _ client: DAVClient, _ server: ScriptedServer) async throws
    -> String
{
    let request = exchange.request
    guard let path = client.collection.resource(href: request.path.utf8) else {
        return try await plain(exchange, server)
    }
    switch request.method {
    case "GET": return try await downloaded(client, path)
    case "PUT":
        let tag = request.headers["If-Match"].flatMap { ETag($0) }
        let outcome = try await client.put(
            path, Array((request.body ?? "").utf8), contentType: request.headers["Content-Type"] ?? "",
            tag.map { .unchanged($0) } ?? .absent)
        return "\(outcome.created ? "created" : "replaced"), \(outcome.etag?.headerValue ?? "no tag")"
    case "MKCOL":
        try await client.makeCollection(path)
        return "is there"
    case "PROPFIND":
        return try await listed(client, path, depth: request.headers["Depth"].flatMap { Depth(rawValue: $0) } ?? .one)
    case "SEARCH": return try await listed(client, path, depth: .infinity)
    default: return try await plain(exchange, server)
    }
}

private func downloaded(_ client: DAVClient, _ path: RemotePath) async throws -> String {
    let (bytes, etag) = try await client.get(path, limit: 1 << 20)
    return "\(bytes.count) bytes, \(etag?.headerValue ?? "no tag")"
}

private func listed(_ client: DAVClient, _ path: RemotePath, depth: Depth) async throws -> String {
    var resources: [Resource] = []
    do {
        try await client.list(path, depth: depth) { resources += $0 }
    } catch let error as DAVError where !resources.isEmpty {
        return "\(resources.count) listed, then \(error.kind): \(error.detail)"
    }
    let collections = resources.count { $0.isCollection }
    let tagged = resources.count { $0.etag != nil }
    return "\(resources.count) listed, \(collections) of them collections, \(tagged) with a tag"
}

/// For methods that the DAV client has none for: what its error type makes of the answer.
private func plain(_ exchange: RecordedExchange, _ server: ScriptedServer) async throws -> String {
    guard let method = HTTPRequest.Method(exchange.request.method) else { throw TestFailure("no method") }
    let reply = try await HTTPClient().send(HTTPRequest(method, url: server.url + exchange.request.path))
    guard reply.status < 300 else { throw DAVError(reply.head, body: reply.body, path: "") }
    return "\(reply.status), \(reply.body.count) bytes, \(reply.head.headerFields[.eTag] ?? "no tag")"
}
