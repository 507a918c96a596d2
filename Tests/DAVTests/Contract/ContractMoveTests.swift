import DAV
import TestSupport
import Testing

@Suite("The contract with a WebDAV server: moves", .timeLimit(.minutes(5)))
struct ContractMoveTests {
    private func path(_ text: String) throws -> RemotePath { try #require(RemotePath(text)) }

    @Test("a moved file is at its new place alone, with its content", arguments: ContractServer.available)
    func moves(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("a.json"), "content")
            try await site.client.move(path("a.json"), to: path("b.json"))
            #expect(try await site.list().map(\.path) == [path("b.json")])
            #expect(try await site.text(path("b.json")) == "content")
        }
    }

    @Test("a move keeps the strong tag, and the file id where there is one", arguments: ContractServer.available)
    func identity(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("a.json"), "content")
            let tag = try await site.strongTag(path("a.json"))
            let before = try await site.client.properties(of: path("a.json"))
            try await site.client.move(path("a.json"), to: path("new/b.json"))
            let after = try await site.client.properties(of: path("new/b.json"))
            #expect(tag.matches(after.etag))
            #expect(after.fileID == before.fileID)
            #expect((after.fileID != nil) == site.client.isNextcloud)
        }
    }

    @Test("what is at the target stays, and so does the source", arguments: ContractServer.available)
    func targetExists(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("a.json"), "ours")
            try await site.put(path("x/b.json"), "a person's")
            let before = try await site.client.properties(of: path("x/b.json"))
            let error = await davError { try await site.client.move(path("a.json"), to: path("x/b.json")) }
            #expect(error?.kind == .preconditionFailed)
            #expect(error?.isRetryable == false && error?.path == "a.json")
            #expect(try await site.text(path("a.json")) == "ours")
            #expect(try await site.text(path("x/b.json")) == "a person's")
            #expect(try await site.client.properties(of: path("x/b.json")).fileID == before.fileID)
        }
    }

    @Test("a collection at the target stays", arguments: ContractServer.available)
    func targetIsCollection(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("a.json"), "ours")
            try await site.put(path("x/inside.json"), "inside")
            let error = await davError { try await site.client.move(path("a.json"), to: path("x")) }
            #expect(error?.kind == .preconditionFailed)
            #expect(try await site.text(path("x/inside.json")) == "inside")
            #expect(try await site.text(path("a.json")) == "ours")
        }
    }

    @Test("missing collections above the target are made", arguments: ContractServer.available)
    func missingParent(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("x/a.json"), "content")
            try await site.client.move(path("x/a.json"), to: path("y/été/model/a.json"))
            #expect(try await site.text(path("y/été/model/a.json")) == "content")
            #expect(try await site.list(path("x")).isEmpty)
            try await site.client.move(path("y/été/model/a.json"), to: path("y/b/a.json"))
            #expect(try await site.text(path("y/b/a.json")) == "content")
        }
    }

    @Test("a source that is gone is not found, and leaves no empty collections", arguments: ContractServer.available)
    func missingSource(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            for (from, to) in [("no.json", "b.json"), ("no.json", "no/such/b.json"), ("x/y/no.json", "z/b.json")] {
                let source = try path(from)
                let target = try path(to)
                let error = await davError { try await site.client.move(source, to: target) }
                #expect(error?.kind == .notFound, "\(from) to \(to)")
                #expect(error?.path == source.description)
            }
            #expect(try await site.list().isEmpty)
        }
    }

    @Test("odd names are moved to odd names", arguments: ContractServer.available)
    func oddNames(server: ContractServer) async throws {
        let names = [
            "Mésange n°7 (été).jpg", "a+b&c=d;e,f.jpg", "100% #1 [x].jpg", "what?.jpg", "%41.jpg", "%2F.jpg",
            "\"quoted\".jpg", "日本語 🐦🥚.jpg", "...x.jpg", String(repeating: "é", count: 98) + ".jpg",
        ]
        try await ContractSite.run(on: server) { site in
            for name in names {
                let target = try path(name).appending(path(name))
                try await site.put(path(name + "x"), "content of \(name)")
                try await site.client.move(path(name + "x"), to: target)
                #expect(try await site.text(target) == "content of \(name)")
                #expect(try await site.list(path(name)).map(\.path) == [target])
            }
            #expect(try await site.list().allSatisfy(\.isCollection))
        }
    }

    @Test("a decomposed name is moved as it is listed", arguments: ContractServer.available)
    func decomposed(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await site.put(path("e\u{301}te\u{301}.jpg"), "summer")
            let listed = try #require(try await site.list().first?.path)
            try await site.client.move(listed, to: path("De\u{301}po\u{302}t/e\u{301}.jpg"))
            let collection = try #require(try await site.list().first?.path)
            let moved = try #require(try await site.list(collection).first?.path)
            #expect(moved.description == "D\u{E9}p\u{F4}t/\u{E9}.jpg", "the same text in either form")
            #expect(try await site.text(moved) == "summer")
        }
    }
}
