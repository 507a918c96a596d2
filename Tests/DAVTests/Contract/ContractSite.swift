import DAV
import Foundation
import HTTP
import HTTPTypes
import TestSupport

/// A fresh collection on a server, for one test.
struct ContractSite: Sendable {
    var client: DAVClient
    var access: ContractServer.Access

    /// Makes the collection, and removes it afterwards.
    static func run(on server: ContractServer, _ body: (ContractSite) async throws -> Void) async throws {
        let access = try await server.access()
        let http = HTTPClient()
        let finding = try await ServerProbe(http: http).probe(access.url, credentials: access.credentials)
        guard let files = CollectionURL(finding.filesURL), let name = RemotePath("nids-contract-\(UUID().uuidString)")
        else {
            throw TestFailure("not a URL: \(finding.filesURL)")
        }
        let root = DAVClient(
            collection: files, credentials: access.credentials, isNextcloud: finding.isNextcloud, http: http)
        try await root.makeCollection(name)
        let client = root.scoped(to: files.appending(name))
        do {
            try await body(ContractSite(client: client, access: access))
        } catch {
            try await remove(client.collection, access)
            throw error
        }
        try await remove(client.collection, access)
    }

    /// The product deletes nothing on a server; its tests clean up themselves.
    private static func remove(_ collection: CollectionURL, _ access: ContractServer.Access) async throws {
        let login = Data("\(access.credentials.user):\(access.credentials.password.value)".utf8).base64EncodedString()
        let request = try HTTPRequest(
            .delete, url: collection.url(of: .root, isCollection: true), headers: [.authorization: "Basic \(login)"])
        let status = try await HTTPClient().send(request).status
        guard [200, 204].contains(status) else { throw TestFailure("\(collection) could not be removed: \(status)") }
    }

    /// A client with other credentials, which shares no session with this one.
    func client(with credentials: Credentials?) -> DAVClient {
        DAVClient(
            collection: client.collection, credentials: credentials, isNextcloud: client.isNextcloud, http: HTTPClient()
        )
    }

    /// Puts a file that is not there yet.
    @discardableResult
    func put(_ path: RemotePath, _ text: String) async throws -> PutOutcome {
        try await client.put(path, Array(text.utf8), contentType: "text/plain", .absent)
    }

    /// A file's text.
    func text(_ path: RemotePath) async throws -> String {
        String(decoding: try await client.get(path, limit: 1 << 20).bytes, as: UTF8.self)
    }

    /// What a listing names, the listed collection left out.
    func list(_ path: RemotePath = .root, depth: Depth = .one) async throws -> [Resource] {
        var resources: [Resource] = []
        try await client.list(path, depth: depth) { resources += $0 }
        return resources.filter { $0.path != path }.sorted { $0.path < $1.path }
    }

    /// A file's tag once it is strong: Apache's is weak for a second.
    func strongTag(_ path: RemotePath) async throws -> ETag {
        var tag: ETag?
        try await eventually("the tag is strong") {
            tag = try await client.properties(of: path).etag
            return tag?.isWeak == false
        }
        guard let tag else { throw TestFailure("no tag") }
        return tag
    }
}
