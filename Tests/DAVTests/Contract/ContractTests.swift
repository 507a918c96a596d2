import DAV
import HTTP
import TestSupport
import Testing

@Suite("The contract with a WebDAV server", .timeLimit(.minutes(5)))
struct ContractTests {
    private let path = RemotePath("a.json") ?? .root

    private func path(_ text: String) throws -> RemotePath { try #require(RemotePath(text)) }

    @Test("a file comes back as it went", arguments: ContractServer.available)
    func roundTrip(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let outcome = try await site.put(path, "{\"é\": 1}\n")
            #expect(outcome.created)
            #expect(outcome.etag?.isWeak != true)
            let (bytes, tag) = try await site.client.get(path, limit: 100)
            #expect(bytes == Array("{\"é\": 1}\n".utf8))
            let listed = try #require(try await site.list().first)
            #expect(listed.etag?.matches(tag) == true)
            if let made = outcome.etag { #expect(made.matches(tag)) }
        }
    }

    @Test("an empty file is a file", arguments: ContractServer.available)
    func emptyFile(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path, "")
            #expect(try await site.text(path) == "")
            #expect(try await site.client.properties(of: path).length == 0)
            let folder = try TemporaryDirectory()
            _ = try await site.client.get(path, to: folder.file("empty"))
            #expect(folder.read("empty") == [])
        }
    }

    @Test("5 MB come back whole, into memory and into a file", arguments: ContractServer.available)
    func largeFile(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            var random = SeededGenerator(seed: 5)
            var bytes: [UInt8] = []
            while bytes.count < 5_000_000 { withUnsafeBytes(of: random.next()) { bytes += $0 } }
            _ = try await site.client.put(path, bytes, contentType: "image/jpeg", .absent)
            #expect(try await site.client.get(path, limit: bytes.count).bytes == bytes)
            let folder = try TemporaryDirectory()
            _ = try await site.client.get(path, to: folder.file("scan"), limit: bytes.count)
            #expect(folder.read("scan") == bytes)
            #expect(try await site.client.properties(of: path).length == bytes.count)
            let error = await davError { try await site.client.get(path, limit: bytes.count - 1) }
            #expect(error?.kind == .transport(.tooLarge(limit: bytes.count - 1)))
        }
    }

    @Test("If-None-Match: * makes a file once", arguments: ContractServer.available)
    func absent(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path, "first")
            let error = await davError { try await site.put(path, "second") }
            #expect(error?.kind == .preconditionFailed)
            #expect(error?.isRetryable == false)
            #expect(try await site.text(path) == "first")
        }
    }

    @Test("If-Match replaces what we know and nothing else", arguments: ContractServer.available)
    func unchanged(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path, "first")
            let known = try await site.strongTag(path)
            let replaced = try await site.client.put(
                path, Array("second".utf8), contentType: "text/plain", .unchanged(known))
            #expect(!replaced.created)
            #expect(try await site.text(path) == "second")

            let error = await davError {
                try await site.client.put(path, Array("third".utf8), contentType: "text/plain", .unchanged(known))
            }
            #expect(error?.kind == .preconditionFailed)
            #expect(try await site.text(path) == "second")
        }
    }

    @Test("If-Match makes nothing where nothing is", arguments: ContractServer.available)
    func unchangedButGone(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let tag = try #require(ETag("\"0123\""))
            let error = await davError {
                try await site.client.put(path, [1], contentType: "text/plain", .unchanged(tag))
            }
            #expect(error?.kind == .preconditionFailed || error?.kind == .notFound)
            #expect(try await site.list().isEmpty)
        }
    }

    @Test("the tag changes with the content", arguments: ContractServer.available)
    func tagChanges(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path, "first")
            let first = try await site.strongTag(path)
            _ = try await site.client.put(path, Array("other".utf8), contentType: "text/plain", .unchanged(first))
            let second = try await site.strongTag(path)
            #expect(!second.matches(first))
            #expect(try await site.strongTag(path).matches(second))
        }
    }

    @Test("on a Nextcloud a change shows in the tag of every collection above", arguments: ContractServer.available)
    func propagation(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            guard site.client.isNextcloud else { return }
            try await site.put(path("x/y/z/a.json"), "first")
            var before: [ETag?] = []
            let above = [RemotePath.root, try path("x"), try path("x/y"), try path("x/y/z")]
            for path in above { before.append(try await site.client.properties(of: path, isCollection: true).etag) }
            try await site.put(path("x/y/z/b.json"), "second")
            for (path, tag) in zip(above, before) {
                let now = try #require(try await site.client.properties(of: path, isCollection: true).etag)
                #expect(!now.matches(tag), "\(path)")
            }
        }
    }

    @Test("a file below missing collections makes them", arguments: ContractServer.available)
    func missingCollections(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let deep = try path("transcription_results/jpeg/été/model/a_result.json")
            #expect(try await site.put(deep, "deep").created)
            #expect(try await site.text(deep) == "deep")
            #expect(try await site.put(path("transcription_results/jpeg/b.json"), "beside").created)
        }
    }

    @Test("a collection made twice is there, one below a missing one is not", arguments: ContractServer.available)
    func collections(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let collection = try path("neuf é")
            try await site.client.makeCollection(collection)
            try await site.client.makeCollection(collection)
            #expect(try await site.client.properties(of: collection, isCollection: true).isCollection)
            let error = await davError { try await site.client.makeCollection(try path("no/such/place")) }
            #expect(error?.kind == .conflict || error?.kind == .notFound)
        }
    }

    @Test("a wrong password, or none, is refused", arguments: ContractServer.available)
    func unauthorized(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let wrong = Credentials(user: site.access.credentials.user, password: Secret("wrong"))
            for client in [site.client(with: wrong), site.client(with: nil)] {
                let listing = await davError { try await client.list(.root, depth: .one) { _ in } }
                #expect(listing?.kind == .unauthorized)
                let put = await davError { try await client.put(path, [1], contentType: "text/plain", .absent) }
                #expect(put?.kind == .unauthorized)
                #expect(put?.isRetryable == false && put?.concernsServer == true)
            }
            let listed = try await site.list()
            #expect(listed.isEmpty)
        }
    }

    @Test("what is not there is not found", arguments: ContractServer.available)
    func notFound(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let folder = try TemporaryDirectory()
            let errors = [
                await davError { try await site.client.get(path, limit: 10) },
                await davError { try await site.client.get(path, to: folder.file("x")) },
                await davError { try await site.client.properties(of: path) },
                await davError { try await site.client.list(path("no"), depth: .one) { _ in } },
            ]
            for error in errors {
                #expect(error?.kind == .notFound)
                #expect(error?.isRetryable == false && error?.concernsServer == false)
            }
            #expect(folder.read("x") == nil)
        }
    }
}
