import DAV
import Foundation
import HTTP
import TestSupport
import Testing

@Suite("What the answers of a WebDAV server prove", .timeLimit(.minutes(5)))
struct ContractEvidenceTests {
    private func path(_ text: String) throws -> RemotePath { try #require(RemotePath(text)) }

    @Test("a download is believed by its listing, and refused by another", arguments: ContractServer.available)
    func bodies(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let path = try path("fiche é.json")
            try await site.put(path, String(repeating: "{} ", count: 500))
            let listed = try await site.client.properties(of: path)
            let (bytes, outcome) = try await site.client.get(path, limit: 9_999, expecting: BodyExpectation(listed))
            #expect(bytes.count == 1_500 && outcome.length == 1_500)
            #expect(outcome.agreement == .agrees && outcome.date != nil && outcome.lastModified != nil)
            let longer = BodyExpectation(length: 3_000, etag: listed.etag)
            let error = await davError { try await site.client.get(path, limit: 9_999, expecting: longer) }
            #expect(error?.kind == .unexpectedBody(.incomplete(bytes: 1_500, of: 3_000)))
            let other = BodyExpectation(length: 1_500, etag: ETag("\"another\""))
            let folder = try TemporaryDirectory()
            let replaced = await davError { try await site.client.get(path, to: folder.file("x"), expecting: other) }
            #expect(replaced?.isRetryable == true)
        }
    }

    @Test("a modification time that the server takes is the file's", arguments: ContractServer.available)
    func modificationTime(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let path = try path("a.json")
            let outcome = try await site.client.put(
                path, [1], contentType: "application/json", .absent, modified: 1_600_000_000)
            #expect(outcome.date != nil)
            let (found, date) = try await site.client.properties(of: path, adding: .modified)
            let modified = try #require(found.lastModified)
            #expect((modified == Date(timeIntervalSince1970: 1_600_000_000)) == outcome.acceptedModificationTime)
            #expect(ETag.isFinal(learned: date, lastModified: modified) || !outcome.acceptedModificationTime)
            #expect(found.lock == nil)
        }
    }

    @Test("presence and absence are proven, below missing folders too", arguments: ContractServer.available)
    func presence(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let path = try path("a.json")
            try await site.put(path, "{}")
            let probe = PresenceProbe(site.client)
            guard case .present(let found) = await probe.presence(of: path) else {
                Issue.record("not found")
                return
            }
            #expect(found.length == 2)
            for absent in ["b.json", "x/y/z.json"] {
                #expect(await probe.presence(of: try self.path(absent)) == .absent)
            }
            let gone = site.client.scoped(to: site.client.collection.appending(try self.path("gone")))
            guard case .unknown = await PresenceProbe(gone).presence(of: path) else {
                Issue.record("an absence without a root")
                return
            }
        }
    }

    @Test("preconditions are honoured, and the file stays as it is", arguments: ContractServer.available)
    func preconditions(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let path = try path(".nids-sync.json")
            try await site.put(path, "{}")
            let before = try await site.client.properties(of: path)
            let support = try await PreconditionProbe(site.client).support(
                on: path, content: Array("{}".utf8), contentType: "application/json")
            #expect(support.honoursBoth)
            let after = try await site.client.properties(of: path)
            #expect(after.etag?.matches(before.etag) == true)
        }
    }

    @Test("a complete listing says so, with the server's clock", arguments: ContractServer.available)
    func listings(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(try path("a.json"), "{}")
            var names: [String] = []
            let outcome = try await site.client.contents(of: .root, depth: .one, adding: [.modified, .locks]) { batch in
                names += batch.map { "\($0.path)" }
                #expect(batch.allSatisfy { $0.isCollection || $0.lastModified != nil })
            }
            #expect(outcome.isComplete && outcome.date != nil && !outcome.hasEmptyETag)
            #expect(names.sorted() == ["", "a.json"])
            #expect(outcome.provesAbsence(of: try path("b.json")))
        }
    }

    @Test("collections are made from the one named, and none above", arguments: ContractServer.available)
    func collections(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let inner = site.client.scoped(to: site.client.collection.appending(try path("root")))
            let file = try path("results/jpeg/a.json")
            let error = await davError {
                try await inner.put(
                    file, [1], contentType: "application/json", .absent, missing: .madeFrom(try path("results")))
            }
            #expect(error?.kind == .conflict || error?.kind == .notFound)
            #expect(await PresenceProbe(site.client).presence(of: try path("root")) == .absent)
            try await site.client.makeCollection(try path("root"))
            let outcome = try await inner.put(
                file, [1], contentType: "application/json", .absent, missing: .madeFrom(try path("results")))
            #expect(outcome.created)
        }
    }
}
