import DAV
import Foundation
import Testing

@testable import NidsSync

@Suite("What the state remembers of listings")
struct StateLookingTests {
    private func scan(_ path: String, etag: String, length: Int) throws -> FoundScan {
        var resource = try #require(RemotePath(path).map(Resource.init(path:)))
        resource.etag = ETag(etag)
        resource.length = length
        resource.fileID = "1"
        return FoundScan(resource: resource, name: PageName(stem: PageName.stem(of: resource.path.name)))
    }

    @Test("another length under the same ETag is other content")
    func resized() async throws {
        let state = try StateDatabase.inMemory()
        let folder = try #require(RemotePath("jpeg"))
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 5)], of: folder, at: .sample, models: ["m"])
        let job = try await state.sampleJob(1)
        try await state.write { try $0.scans.storeDigest(job.pages[0], sha256: "s") }
        try await state.finish(1)
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 5)], of: folder, at: .sample, models: ["m"])
        #expect(try await state.job(1)?.stage == .done)
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 6)], of: folder, at: .sample, models: ["m"])
        #expect(try await state.job(1)?.stage == .new)
        #expect(try await state.job(1)?.knownContent == nil)
    }

    @Test("a scan that is not settled is not due, and says when it is")
    func fresh() async throws {
        let state = try StateDatabase.inMemory()
        let folder = try #require(RemotePath("jpeg"))
        let place = try #require(RemotePath("jpeg/a.jpg"))
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 5)], of: folder, at: .sample, models: ["m"])
        try await state.write { try $0.scans.settle(place, at: .sample + 2) }
        let filter = JobFilter(models: ["m"])
        #expect(try await state.dueJobs(.new, filter, at: .sample + 1, limit: 9).isEmpty)
        #expect(try await state.nextDue(after: .sample, holds: false) == .sample + 2)
        #expect(try await state.dueJobs(.new, filter, at: .sample + 2, limit: 9).count == 1)
    }

    @Test("a job knows since when it has the reason for which it waits")
    func since() async throws {
        let state = try StateDatabase.inMemory()
        let folder = try #require(RemotePath("jpeg"))
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 5)], of: folder, at: .sample, models: ["m"])
        let job = try await state.sampleJob(1)
        try await state.postpone(job, until: .sample + 60, reason: "busy", countsAsAttempt: false)
        let filter = JobFilter(models: ["m"])
        let waiting = try await state.read { try $0.counts.waiting(filter, at: .sample, limit: 9) }
        #expect(waiting.map(\.reason) == ["busy"])
        let since = try #require(waiting.first?.since)
        #expect(abs(since.timeIntervalSinceNow) < 60)
        try await state.postpone(job, until: nil, reason: nil, countsAsAttempt: false)
        #expect(try await state.read { try $0.counts.waiting(filter, at: .sample, limit: 9) }.isEmpty)
    }

    @Test("a result of another length under the same ETag has changed, until somebody has looked at it")
    func resizedResult() async throws {
        let state = try StateDatabase.inMemory()
        let folder = try #require(RemotePath("jpeg"))
        try await state.storeScans([scan("jpeg/a.jpg", etag: "e", length: 5)], of: folder, at: .sample, models: ["m"])
        let results = try #require(RemotePath("transcription_results/jpeg/m"))
        var file = Resource(path: try #require(results.appending("a_result.json".utf8)))
        (file.etag, file.length) = (ETag("r"), 10)
        try await state.store(Publication(path: file.path, jobID: 1, state: .published, etag: "r", published: "d"))
        #expect(try await state.storeResults([file], of: results).isEmpty)
        file.length = 11
        #expect(try await state.storeResults([file], of: results) == [file.path])
        let place = file.path
        try await state.write { try $0.resultFiles.noteRead(place, digest: "x", again: .sample + 2) }
        #expect(try await state.storeResults([file], of: results).isEmpty)
        #expect(try await state.read { try $0.resultFiles.dueAgain(at: .sample + 1) }.isEmpty)
        #expect(try await state.read { try $0.resultFiles.dueAgain(at: .sample + 2) } == [place])
    }
}
