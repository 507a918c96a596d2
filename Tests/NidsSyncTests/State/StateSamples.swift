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
    static func sample(_ path: String, etag: String? = "t1", leftOut: String? = nil) -> FoundScan {
        FoundScan(resource: .sample(path, etag: etag), leftOut: leftOut)
    }
}

extension StateStore {
    /// A state in memory.
    static func inMemory() throws -> StateStore { try StateStore(copyOf: "/nonexistent/state") }

    @discardableResult
    func storeSampleAnswer(_ key: AnswerKey, text: String = "{}", request: Int64? = nil) async throws -> StoredAnswer {
        try await storeAnswer(
            EngineAnswer(text: text, providerModel: "p", usage: TokenUsage(input: 1, output: 2, thinking: 3)), key,
            promptVersion: 1, askedAt: .sample, receivedAt: .sample.addingTimeInterval(60), request: request)
    }
}
