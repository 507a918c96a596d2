import Foundation
import HTTP
import HTTPTypes
import NextcloudStandIn
import Testing

/// A running stand-in over a folder of its own, and a client to ask it.
struct Bench: Sendable {
    let store: String
    let standIn: NextcloudStandIn
    let client: HTTPClient

    static let accounts = [
        Account(user: "schneider", password: "secret"),
        Account(user: "admin@example.org", password: "x", userID: "admin"),
    ]

    /// Runs a test against a stand-in that is stopped and removed afterwards.
    static func run(
        accounts: [Account] = Bench.accounts, _ body: (Bench) async throws -> Void
    ) async throws {
        let store = FileManager.default.temporaryDirectory.path + "/stand-in-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: store) }
        try await run(over: store, accounts: accounts, body)
    }

    /// The same over a folder that stays.
    static func run(
        over store: String, accounts: [Account] = Bench.accounts, _ body: (Bench) async throws -> Void
    ) async throws {
        let standIn = try NextcloudStandIn(store: store, accounts: accounts)
        try await standIn.start()
        let bench = Bench(store: store, standIn: standIn, client: HTTPClient())
        do { try await body(bench) } catch {
            await standIn.stop()
            throw error
        }
        await standIn.stop()
    }

    /// Sends a request; paths that do not begin with `/` are below the files of `schneider`.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil,
        login: String? = "schneider:secret", timeouts: HTTPTimeouts? = nil
    ) async throws -> HTTPReply {
        var fields: HTTPFields = [:]
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        if let login { fields[.authorization] = "Basic " + Data(login.utf8).base64EncodedString() }
        let full = path.hasPrefix("/") ? path : "/remote.php/dav/files/schneider/" + path
        let method = try #require(HTTPRequest.Method(method))
        let request = try HTTPRequest(method, url: standIn.url + full, headers: fields)
        return try await client.send(
            request, body: body.map { .bytes($0) } ?? .none, limit: 64 << 20, timeouts: timeouts)
    }

    /// A `PROPFIND` with the properties that the service asks for.
    func propfind(_ path: String, depth: String = "1") async throws -> HTTPReply {
        try await send("PROPFIND", path, ["Depth": depth], body: Array(Self.question.utf8))
    }

    static let question = """
        <?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop><d:getetag/>\
        <d:resourcetype/><d:getcontentlength/><oc:fileid/></d:prop></d:propfind>
        """
}

extension HTTPReply {
    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }

    /// The hrefs of a multistatus.
    var hrefs: [String] { text.matches(of: /<d:href>([^<]*)<\/d:href>/).map { String($0.output.1) } }
}
