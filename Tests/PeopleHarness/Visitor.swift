import DAV
import Foundation
import HTTP
import HTTPTypes
import TestSupport

/// Somebody who works in the folder over HTTP, as a browser or a sync client does.
struct Visitor: Sendable {
    /// Whatever the server answers with an error of its own says nothing of the program.
    struct ServerFault: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    let login: PeopleServer.Login
    let server: PeopleServer
    /// The collection of this person's files, without a slash at the end.
    let files: String
    /// Nextcloud's cookies stand for an account: nobody shares them.
    private let http: HTTPClient

    init(_ server: PeopleServer, _ login: PeopleServer.Login, name: String) {
        self.name = name
        self.login = login
        self.server = server
        files = server.isNextcloud ? server.url + "/remote.php/dav/files/" + Self.encoded(login.userID) : server.url
        http = HTTPClient(HTTPClient.Configuration(userAgent: "people-test"))
    }

    static func encoded(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        return path.utf8.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte))
                : "%" + String(byte >> 4, radix: 16, uppercase: true)
                    + String(byte & 15, radix: 16, uppercase: true)
        }.joined()
    }

    func url(of path: String) -> String { path.isEmpty ? files : files + "/" + Self.encoded(path) }

    func send(
        _ method: String, url: String, _ body: [UInt8]? = nil, _ headers: [String: String] = [:]
    ) async throws -> HTTPReply {
        var fields: HTTPFields = [
            .authorization: "Basic " + Data("\(login.user):\(login.password)".utf8).base64EncodedString()
        ]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        guard let method = HTTPRequest.Method(method) else { throw TestFailure("no method \(method)") }
        let request = try HTTPRequest(method, url: url, headers: fields)
        return try await http.send(request, body: body.map { .bytes($0) } ?? .none, limit: 16 << 20)
    }

    /// A request about a path among the files: its status.
    /// - Throws: ``ServerFault`` for 5xx, `HTTPError`.
    @discardableResult
    func act(
        _ method: String, _ path: String, _ body: [UInt8]? = nil, _ headers: [String: String] = [:]
    ) async throws -> Int {
        let reply = try await send(method, url: url(of: path), body, headers)
        // Nextcloud's own words for what it answers with 423 elsewhere.
        if reply.status == 500, String(decoding: reply.body, as: UTF8.self).contains("LockedException") { return 423 }
        guard reply.status < 500 else {
            throw ServerFault(
                description:
                    "\(method) \(path): \(reply.status) \(String(decoding: reply.body.prefix(300), as: UTF8.self))")
        }
        return reply.status
    }

    func put(_ path: String, _ bytes: [UInt8]) async throws -> Int { try await act("PUT", path, bytes) }

    func get(_ path: String) async throws -> [UInt8]? {
        let reply = try await send("GET", url: url(of: path))
        guard reply.status < 500 else { throw ServerFault(description: "GET \(path): \(reply.status)") }
        return reply.status == 200 ? reply.body : nil
    }

    func move(_ path: String, to target: String) async throws -> Int {
        try await act("MOVE", path, nil, ["Destination": url(of: target), "Overwrite": "F"])
    }

    func copy(_ path: String, to target: String) async throws -> Int {
        try await act("COPY", path, nil, ["Destination": url(of: target), "Overwrite": "F"])
    }

    /// Makes a collection and those above it where they are missing.
    func makeCollections(_ path: String) async throws {
        // Mostly those above are there: the last one is asked for first.
        let status = try await act("MKCOL", path)
        guard status == 409, path.contains("/") else { return }
        try await makeCollections(path.split(separator: "/").dropLast().joined(separator: "/"))
        try await act("MKCOL", path)
    }

    /// Everything below a collection, by the path below it.
    func list(_ path: String) async throws -> [String: Resource] {
        guard let collection = CollectionURL(url(of: path) + "/") else { throw TestFailure("no URL: \(path)") }
        let client = DAVClient(
            collection: collection, credentials: Credentials(user: login.user, password: Secret(login.password)),
            isNextcloud: server.isNextcloud, http: http)
        var found: [String: Resource] = [:]
        do {
            let outcome = try await client.contents(of: .root, depth: .infinity, adding: .modified) {
                for entry in $0 { found["\(entry.path)"] = entry }
            }
            if let failure = outcome.failures.first { throw ServerFault(description: "listing \(path): \(failure)") }
        } catch let error as DAVError where error.status == 403 || error.status == 412 {
            found = try await walk(client, .root)
        }
        found[""] = nil
        return found
    }

    private func walk(_ client: DAVClient, _ path: RemotePath) async throws -> [String: Resource] {
        var found: [String: Resource] = [:]
        var children: [Resource] = []
        try await client.list(path, depth: .one) { children += $0 }
        for entry in children where entry.path != path {
            found["\(entry.path)"] = entry
            if entry.isCollection {
                found.merge(try await walk(client, entry.path)) { first, _ in first }
            }
        }
        return found
    }
}
