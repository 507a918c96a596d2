import DAV
import Foundation
import Testing
import Transcriber

@testable import NidsSync

extension RemotePath {
    /// A path that is valid by the test's own making.
    static func sample(_ text: String) -> RemotePath { RemotePath(text) ?? .root }
}

extension Date {
    /// A moment in a test's own time.
    static let sample = Date(timeIntervalSince1970: 1_800_000_000)
}

extension Resource {
    static func sample(_ path: String, etag: String? = "t1", fileID: String? = nil, length: Int? = 10) -> Resource {
        var resource = Resource(path: .sample(path))
        resource.etag = etag.flatMap(ETag.init)
        resource.fileID = fileID
        resource.length = length
        return resource
    }
}

extension FoundScan {
    static func sample(
        _ path: String, etag: String? = "t1", fileID: String? = nil, leftOut: String? = nil
    ) -> FoundScan {
        let resource = Resource.sample(path, etag: etag, fileID: fileID)
        return FoundScan(
            resource: resource, name: PageName(stem: PageName.stem(of: resource.path.name)), leftOut: leftOut)
    }
}

extension StateDatabase {
    /// A state in memory.
    static func inMemory() throws -> StateDatabase { try StateDatabase(copyOf: "/nonexistent/state") }

    @discardableResult
    func storeSampleAnswer(_ key: AnswerKey, text: String = "{}", request: Int64? = nil) async throws -> StoredAnswer {
        try await write { tables in
            try tables.storeAnswer(
                ReceivedAnswer(
                    answer: EngineAnswer(
                        text: text, providerModel: "p", usage: TokenUsage(input: 1, output: 2, thinking: 3)),
                    promptVersion: 1, askedAt: .sample, receivedAt: .sample.addingTimeInterval(60), cost: 0.5), key,
                request: request)
        }
    }

    /// A look that lists one folder, complete by itself.
    @discardableResult
    func storeScans(
        _ scans: [FoundScan], of folder: RemotePath, at now: Date, models: [String], mayWithdraw: Bool = true
    ) async throws -> LookOutcome {
        try await look(at: now, models: models, mayWithdraw: mayWithdraw) { recorder, look in
            try await recorder.take(scans, results: [], in: look)
            try await recorder.end(.children(of: folder), in: look)
        }
    }

    /// A look that lists one folder of results.
    func storeResults(_ files: [Resource], of folder: RemotePath) async throws -> [RemotePath] {
        try await look { recorder, look in
            try await recorder.take([], results: files, in: look)
            try await recorder.end(.children(of: folder), in: look)
        }.changedResults
    }

    /// A look that finds collections gone.
    func loseCollections(_ paths: [RemotePath]) async throws -> [RemotePath] {
        try await look { recorder, look in
            for path in paths {
                try await recorder.end(.nothing(below: path), in: look)
                try await write { try $0.collections.remove(path) }
            }
        }.changedResults
    }

    private func look(
        at now: Date = .sample, models: [String] = ["m"], mayWithdraw: Bool = true,
        _ list: (ListingRecorder, Look) async throws -> Void
    ) async throws -> LookOutcome {
        let recorder = ListingRecorder(state: self)
        let look = try await recorder.begin(at: now, mayWithdraw: mayWithdraw)
        try await list(recorder, look)
        try await write { tables in
            try LookConclusion(
                tables: tables, look: look, isComplete: true, models: models, pairWait: .seconds(900)
            ).settle()
        }
        return look.outcome
    }

    /// The jobs with something to do, in the order of their ids.
    func pendingJobs(_ filter: JobFilter, at now: Date = .sample) async throws -> [Int64] {
        var jobs: [DueJob] = []
        for stage in [SheetJob.Stage.new, .adopting, .asking, .answered] {
            jobs += try await dueJobs(stage, filter, at: now, limit: 1000)
        }
        return jobs.map(\.id).sorted()
    }

    func sampleJob(_ id: Int64) async throws -> SheetJob { try #require(try await job(id)) }
}
