import DAV
import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("What the state knows of collections and scans")
struct StateDiscoveryTests {
    private let folder = RemotePath.sample("jpeg")

    private func store(_ store: StateDatabase, _ scans: [FoundScan], models: [String] = ["m"]) async throws {
        try await store.storeScans(scans, of: folder, at: .sample, models: models)
    }

    private func due(_ store: StateDatabase, models: [String] = ["m"], below: RemotePath? = nil) async throws
        -> [String]
    {
        var paths: [String] = []
        let filter = JobFilter(below: below, models: models)
        for id in try await store.pendingJobs(filter) {
            paths.append(try #require(try await store.job(id)).path.description)
        }
        return paths
    }

    private func finish(_ store: StateDatabase) async throws {
        for id in try await store.pendingJobs(JobFilter(models: ["m"])) { try await store.finish(id) }
        #expect(try await due(store).isEmpty)
    }

    @Test("collections are kept with their tags, and found as children of their parents")
    func collections() async throws {
        let store = try StateDatabase.inMemory()
        try await store.storeCollection(.root, etag: ETag("r"), fileID: nil)
        try await store.storeCollection(.sample("jpeg"), etag: ETag("\"a\""), fileID: "1")
        try await store.storeCollection(.sample("pdf"), etag: nil, fileID: nil)
        try await store.storeCollection(.sample("jpeg/x"), etag: ETag("W/\"b\""), fileID: nil)
        #expect(try await store.collectionETag(.root) == "r")
        #expect(try await store.collectionETag(.sample("jpeg")) == "a")
        #expect(try await store.collectionETag(.sample("jpeg/x")) == "b")
        #expect(try await store.collectionETag(.sample("jpeg/none")) == nil)
        #expect(try await store.childCollections(of: .root) == [.sample("jpeg"): "a", .sample("pdf"): nil])
        #expect(try await store.childCollections(of: .sample("jpeg")) == [.sample("jpeg/x"): "b"])

        try await store.storeCollection(.sample("jpeg"), etag: nil, fileID: "1")
        #expect(try await store.collectionETag(.sample("jpeg")) == nil)
        #expect(try await store.childCollections(of: .root).keys.sorted() == [.sample("jpeg"), .sample("pdf")])
    }

    @Test("paths are told apart by their bytes, NFC and NFD and what is no text included")
    func bytes() async throws {
        let store = try StateDatabase.inMemory()
        let paths = [
            RemotePath.sample("\u{E9}"), .sample("e\u{301}"), try #require(RemotePath(bytes: [0xE9])),
            try #require(RemotePath(bytes: [0xEF, 0xBF, 0xBD])),
        ]
        for (index, path) in paths.enumerated() {
            try await store.storeCollection(path, etag: ETag("\(index)"), fileID: nil)
        }
        for (index, path) in paths.enumerated() { #expect(try await store.collectionETag(path) == "\(index)") }
        #expect(try await store.childCollections(of: .root).count == 4)
    }

    @Test("a collection that is gone is forgotten with all below it, and nothing beside it")
    func removed() async throws {
        let store = try StateDatabase.inMemory()
        let paths = ["a", "a/b", "a/b/c", "a b", "a-b", "a0", "ab"]
        for path in paths { try await store.storeCollection(.sample(path), etag: ETag("t"), fileID: nil) }
        for path in paths {
            try await store.storeScans([.sample(path + "/1.jpg")], of: .sample(path), at: .sample, models: ["m"])
        }
        let ours = RemotePath.sample("a/b/result")
        try await store.store(Publication(path: ours, jobID: 1, state: .published))
        #expect(try await store.loseCollections([.sample("a")]) == [ours])
        #expect(try await store.loseCollections([]).isEmpty)
        for path in ["a", "a/b", "a/b/c"] { #expect(try await store.collectionETag(.sample(path)) == nil) }
        for path in ["a b", "a-b", "a0", "ab"] { #expect(try await store.collectionETag(.sample(path)) == "t") }
        #expect(Set(try await due(store)) == ["a b/1.jpg", "a-b/1.jpg", "a0/1.jpg", "ab/1.jpg"])
    }

    @Test("a new scan becomes a job for each model")
    func new() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/ANCIEN b.jpg")], models: ["m", "n"])
        #expect(try await due(store) == ["jpeg/ANCIEN b.jpg", "jpeg/a.jpg"])
        #expect(try await due(store, models: ["m", "n"]).count == 4)
        let job = try #require(try await store.job(3))
        #expect(job.stage == .new)
        #expect(job.promptKind == .standard)
        #expect(job.resultPath?.description == "transcription_results/jpeg/m/a_result.json")
        #expect(job.pages.first?.etag == "t1")
        #expect(job.pages.first?.sha256 == nil)
        #expect(try await store.job(1)?.promptKind == .ancien)
    }

    @Test("a scan with the same tag is left in peace, a touched one is looked at again")
    func touched() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg")])
        try await finish(store)
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg")])
        #expect(try await due(store).isEmpty)
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg", etag: "t2")])
        #expect(try await due(store) == ["jpeg/b.jpg"])
    }

    @Test("a failed scan is tried again when it is touched, and only then")
    func failed() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg")])
        try await store.fail(try await store.sampleJob(1), reason: "broken")
        try await self.store(store, [.sample("jpeg/a.jpg")])
        #expect(try await due(store).isEmpty)
        try await self.store(store, [.sample("jpeg/a.jpg", etag: "t2")])
        #expect(try await due(store) == ["jpeg/a.jpg"])
        #expect(try await store.job(1)?.starts == 0)
    }

    @Test("without a tag nobody can say that a scan has not changed")
    func noTag() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg", etag: nil)])
        try await finish(store)
        try await self.store(store, [.sample("jpeg/a.jpg", etag: nil)])
        #expect(try await due(store) == ["jpeg/a.jpg"])
    }

    @Test("a digest counts only under the tag with which it was taken")
    func digests() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg")])
        let page = try #require(try await store.job(1)?.pages.first)
        try await store.write { try $0.scans.storeDigest(page, sha256: "d") }
        #expect(try await store.job(1)?.pages.first?.sha256 == "d")
        try await self.store(store, [.sample("jpeg/a.jpg", etag: "t2")])
        #expect(try await store.job(1)?.pages.first?.sha256 == nil)
    }

    @Test("a scan that is left out is counted by its reason and not worked on")
    func leftOut() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(
            store,
            [
                .sample("jpeg/a.jpg", leftOut: "empty"), .sample("jpeg/b.jpg", leftOut: "empty"),
                .sample("jpeg/.c", leftOut: "hidden"),
            ])
        #expect(try await due(store).isEmpty)
        let counts = try await store.read { try $0.scans.leftOutCounts() }
        #expect(counts.map(\.reason) == ["empty", "hidden"])
        #expect(counts.map(\.count) == [2, 1])
    }

    @Test("a scan that is no longer left out is worked on, and the other way round")
    func leftOutChanges() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg", leftOut: "outside")])
        try await self.store(store, [.sample("jpeg/a.jpg")])
        #expect(try await due(store) == ["jpeg/a.jpg"])
        try await self.store(store, [.sample("jpeg/a.jpg", leftOut: "outside")])
        #expect(try await due(store).isEmpty)
        try await self.store(store, [.sample("jpeg/a.jpg")])
        #expect(try await due(store) == ["jpeg/a.jpg"])
    }

    @Test("a missing scan is not worked on, and comes back without cost")
    func missing() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg")])
        try await self.store(store, [.sample("jpeg/b.jpg")])
        #expect(try await due(store) == ["jpeg/b.jpg"])
        #expect(try await missingCount(store, "jpeg/a.jpg") == 1)
        try await self.store(store, [.sample("jpeg/b.jpg")])
        #expect(try await missingCount(store, "jpeg/a.jpg") == 3, "withdrawn")
        #expect(try await store.job(1)?.stage == .withdrawn, "nothing was recorded of it")

        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg")])
        #expect(try await missingCount(store, "jpeg/a.jpg") == 0)
        #expect(try await due(store) == ["jpeg/a.jpg", "jpeg/b.jpg"])
        try await finish(store)
        try await self.store(store, [])
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg", etag: "t2")])
        #expect(
            try await due(store) == ["jpeg/b.jpg"], "the same tag: nothing to do; another one: a look at the content")
    }

    private func missingCount(_ store: StateDatabase, _ path: String) async throws -> Int? {
        try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT missing FROM scan WHERE path = ?", arguments: [Data(path.utf8)])
        }
    }

    @Test("a listing of one folder says nothing of another")
    func otherFolders() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg")])
        try await store.storeScans([.sample("pdf/b.pdf")], of: .sample("pdf"), at: .sample, models: ["m"])
        #expect(try await due(store) == ["jpeg/a.jpg", "pdf/b.pdf"])
        #expect(try await due(store, below: .sample("pdf")) == ["pdf/b.pdf"])
        #expect(try await due(store, below: .root).count == 2)
        #expect(try await due(store, below: .sample("pd")).isEmpty)
    }

    @Test("the first of several scans with one stem keeps it, each later one has its whole name")
    func stems() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/a.png"), .sample("jpeg/a.pdf")])
        var names: [String] = []
        for id in 1...3 {
            names.append(String(decoding: try #require(try await store.job(Int64(id))).resultStem, as: UTF8.self))
        }
        #expect(names == ["a", "a.png", "a.pdf"])
    }

    @Test("names made to take each other's results cost nobody else's scan")
    func hostileStems() async throws {
        let store = try StateDatabase.inMemory()
        let digest = ContentDigest.hex(of: Array("a.png".utf8)).prefix(8)
        let names = ["a.jpg", "a.png.jpg", "a.png~\(digest).jpg", "a.png", "b.jpg"]
        try await self.store(store, names.map { .sample("jpeg/\($0)") })
        #expect(try await due(store).count == 5)
        var places: Set<String> = []
        for id in 1...5 { places.insert(try #require(try await store.job(Int64(id))?.resultPath).description) }
        #expect(places.count == 5)
    }

    @Test("a model more gets a job for every scan that is worked on")
    func moreModels() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(
            store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg", leftOut: "x"), .sample("jpeg/c.jpg")])
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg", leftOut: "x")])
        try await store.write { tables in for model in ["m", "n"] { try tables.jobs.makeMissing(model: model) } }
        try await store.write { tables in for model in ["m", "n"] { try tables.jobs.makeMissing(model: model) } }
        #expect(try await due(store, models: ["n"]) == ["jpeg/a.jpg"])
    }

    @Test("all known scans under their tags are known, anything else is not")
    func knowsScans() async throws {
        let store = try StateDatabase.inMemory()
        try await self.store(store, [.sample("jpeg/a.jpg"), .sample("jpeg/b.jpg", etag: nil)])
        #expect(try await store.knows([]))
        #expect(try await store.knows([.sample("jpeg/a.jpg")]))
        #expect(try await !store.knows([.sample("jpeg/a.jpg", etag: "t2")]))
        #expect(try await !store.knows([.sample("jpeg/b.jpg", etag: nil)]))
        #expect(try await !store.knows([.sample("jpeg/c.jpg")]))
    }
}

@Suite("What the state knows of results")
struct StateResultsTests {
    private let folder = RemotePath.sample("transcription_results/m")

    private func prepared() async throws -> StateDatabase {
        let store = try StateDatabase.inMemory()
        try await store.storeScans([.sample("jpeg/a.jpg")], of: .sample("jpeg"), at: .sample, models: ["m"])
        for (name, state) in [
            ("ours", Publication.State.published), ("theirs", .theirs), ("gone", .deleted), ("new", .pending),
        ] {
            try await store.store(
                Publication(
                    path: .sample("transcription_results/m/\(name)"), jobID: 1, state: state, etag: "t1", sending: "s"))
        }
        return store
    }

    private func changed(_ store: StateDatabase, _ found: [Resource]) async throws -> [String] {
        try await store.storeResults(found, of: folder).map(\.description).sorted()
    }

    @Test("a publication is kept as it is stored")
    func publication() async throws {
        let store = try await prepared()
        let found = try #require(try await store.publication(.sample("transcription_results/m/ours")))
        #expect(found.jobID == 1)
        #expect(found.state == .published)
        #expect(found.etag == "t1")
        #expect(found.sending == "s")
        #expect(found.published == nil)
        #expect(try await store.publication(.sample("transcription_results/m/none")) == nil)
    }

    @Test("files with the tags we know are no news, strangers' files neither")
    func unchanged() async throws {
        let store = try await prepared()
        let found = ["ours", "theirs", "stranger"].map { Resource.sample("transcription_results/m/\($0)") }
        #expect(try await changed(store, found).isEmpty)
        #expect(try await store.resultExists(.sample("transcription_results/m/stranger")))
        #expect(try await !store.resultExists(.sample("transcription_results/m/new")))
    }

    @Test("a file of ours that changed, vanished or came back is news; one being sent is not")
    func changes() async throws {
        let store = try await prepared()
        let found = [
            Resource.sample("transcription_results/m/ours", etag: "t2"),
            .sample("transcription_results/m/gone", etag: "t3"),
            .sample("transcription_results/m/new", etag: "t4"),
        ]
        #expect(
            try await changed(store, found) == [
                "transcription_results/m/gone", "transcription_results/m/ours", "transcription_results/m/theirs",
            ])
    }

    @Test("a file without a tag may have changed")
    func noTag() async throws {
        let store = try await prepared()
        let found = ["ours", "theirs"].map { Resource.sample("transcription_results/m/\($0)", etag: nil) }
        #expect(try await changed(store, found).count == 2)
    }

    @Test("a listing replaces what was known of that folder, and of no other")
    func replaced() async throws {
        let store = try await prepared()
        let other = RemotePath.sample("transcription_results/n")
        _ = try await store.storeResults([.sample("transcription_results/n/x")], of: other)
        _ = try await changed(store, [.sample("transcription_results/m/x")])
        _ = try await changed(store, [.sample("transcription_results/m/y")])
        #expect(try await !store.resultExists(.sample("transcription_results/m/x")))
        #expect(try await store.resultExists(.sample("transcription_results/m/y")))
        #expect(try await store.resultExists(.sample("transcription_results/n/x")))
    }
}

extension StateDatabase {
    fileprivate func knows(_ scans: [FoundScan]) async throws -> Bool { try await read { try $0.scans.knows(scans) } }
}
