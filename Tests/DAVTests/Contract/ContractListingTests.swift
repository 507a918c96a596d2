import DAV
import TestSupport
import Testing

@Suite("The contract with a WebDAV server: names and listings", .timeLimit(.minutes(5)))
struct ContractListingTests {
    private static let names = [
        "fiche 25FINAL.jpg", "Mésange n°7 (été).jpg", "a+b&c=d;e,f.jpg", "100% #1 [x].jpg", "l'œuf d'hirondelle.jpg",
        "what?.jpg", "%41.jpg", "%2F.jpg", "a%20b.jpg", "\"quoted\".jpg", "{x}|y^z`~.jpg", "<a>&amp;.jpg", "日本語 🐦🥚.jpg",
        "$HOME@x!*'():.jpg", "-.jpg", "...x.jpg", String(repeating: "n", count: 196) + ".jpg",
        String(repeating: "é", count: 98) + ".jpg",
    ]

    @Test("any name survives: it is listed as it was given, and read back", arguments: ContractServer.available)
    func names(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            for name in Self.names {
                let path = try #require(RemotePath(name))
                try await site.put(path, "content of \(name)")
                #expect(try await site.client.properties(of: path).path == path)
            }
            let listed = try await site.list()
            #expect(Set(listed.map(\.path)) == Set(Self.names.compactMap { RemotePath($0) }))
            for resource in listed {
                #expect(try await site.text(resource.path) == "content of \(resource.path)")
            }
        }
    }

    @Test("any name may be a collection's", arguments: ContractServer.available)
    func collectionNames(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            for name in Self.names {
                let collection = try #require(RemotePath(name))
                try await site.client.makeCollection(collection)
                let file = try #require(collection.appending("x".utf8))
                try await site.put(file, "x")
                #expect(try await site.list(collection).map(\.path) == [file])
            }
        }
    }

    @Test("a decomposed name is kept or composed, and read back as it is listed", arguments: ContractServer.available)
    func decomposed(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let path = try #require(RemotePath("e\u{301}te\u{301}.jpg"))
            try await site.put(path, "summer")
            let listed = try #require(try await site.list().first?.path)
            #expect(listed == path || listed == RemotePath("\u{E9}t\u{E9}.jpg"))
            #expect(try await site.text(listed) == "summer")
            #expect(try await site.client.properties(of: listed).path == listed)
        }
    }

    @Test(
        "a collection typed in another Unicode form is not there, or is found in the server's",
        arguments: ContractServer.available)
    func respelled(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let composed = try #require(RemotePath("De\u{301}po\u{302}t"))
            let typed = try #require(RemotePath("D\u{E9}p\u{F4}t"))
            try await site.client.makeCollection(composed)
            try await site.put(composed.appending(try #require(RemotePath("a"))), "x")
            for spelling in [composed, typed] {
                let client = site.client.scoped(to: site.client.collection.appending(spelling))
                do {
                    let found = client.scoped(to: try await client.respelledCollection())
                    var paths: [RemotePath] = []
                    try await found.list(.root, depth: .one) { paths += $0.map(\.path) }
                    #expect(paths.sorted() == [.root, RemotePath("a")])
                } catch let error as DAVError {
                    #expect(error.kind == .notFound && spelling == typed)
                }
            }
        }
    }

    @Test("Depth: 0 and 1 name what is there", arguments: ContractServer.available)
    func depths(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            for path in ["x/1", "x/y/2", "3"] { try await site.put(#require(RemotePath(path)), path) }
            var own: [Resource] = []
            try await site.client.list(.root, depth: .zero) { own += $0 }
            #expect(own.map(\.path) == [.root])
            #expect(own.first?.isCollection == true)
            let listed = try await site.list()
            #expect(listed.map(\.path) == [RemotePath("3"), RemotePath("x")])
            #expect(listed.map(\.isCollection) == [false, true])
            #expect(listed.first?.length == 1)
            #expect(listed.allSatisfy { $0.etag != nil })
            if site.client.isNextcloud {
                #expect(listed.allSatisfy { $0.fileID != nil && $0.permissions?.contains("G") == true })
                #expect(Set(listed.map(\.fileID)).count == 2)
            }
            let empty = try #require(RemotePath("empty"))
            try await site.client.makeCollection(empty)
            #expect(try await site.list(empty).isEmpty)
        }
    }

    @Test("Depth: infinity names everything, or is refused with nothing", arguments: ContractServer.available)
    func infinity(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            let files = ["x/1", "x/y/2", "x/y/z/3", "é/4", "5"].compactMap { RemotePath($0) }
            for path in files { try await site.put(path, "x") }
            let collections = ["x", "x/y", "x/y/z", "é"].compactMap { RemotePath($0) }
            do {
                let listed = try await site.list(depth: .infinity)
                #expect(server.allowsInfinity != false)
                #expect(listed.filter { !$0.isCollection }.map(\.path) == files.sorted())
                #expect(listed.filter(\.isCollection).map(\.path) == collections.sorted())
            } catch let error as DAVError {
                #expect(server.allowsInfinity != true)
                #expect(error.kind == .forbidden || error.kind == .preconditionFailed)
                #expect(error.isRetryable == false)
            }
        }
    }

    @Test("a listing of 500 files arrives whole", arguments: ContractServer.available.filter { $0 != .environment })
    func many(server: ContractServer) async throws {
        try await ContractSite.run(on: server) { site in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for batch in 0..<10 {
                    group.addTask {
                        for number in 0..<50 {
                            try await site.put(#require(RemotePath("fiche \(batch * 50 + number).jpg")), "x")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await site.list().count == 500)
        }
    }
}
