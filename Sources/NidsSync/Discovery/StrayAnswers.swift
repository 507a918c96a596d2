import DAV
import Foundation
import Logging
import Transcriber

/// Reads, once for a new state, the results that lie in no sheet's place: an answer that was paid for is known by the
/// content of its scan, whatever that is called by now.
struct StrayAnswers: Sendable {
    let state: StateDatabase
    let reader: ResultReader
    let models: [String]
    let logger: Logger
    let now: @Sendable () -> Date

    /// Stores their answers, before anything is asked.
    ///
    /// - Throws: `DAVError` where the server as a whole fails, `DatabaseError`.
    func gather() async throws {
        guard try await state.recall(.strayResults) == nil else { return }
        var isComplete = true
        for path in try await strays() {
            do {
                guard case .file(let found) = try await reader.read(path) else { continue }
                try await take(found.bytes, path)
            } catch let error as DAVError {
                try await reader.dav.requireServer(after: error)
                // The next look reads it again.
                isComplete = false
                logger.info("result not read", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
            }
        }
        if isComplete { try await state.remember(.strayResults, "read") }
    }

    private func strays() async throws -> [RemotePath] {
        try await state.read { tables in
            let places = Set(try tables.jobs.places())
            return try tables.resultFiles.unclaimedResults().filter { !places.contains($0) }
        }
    }

    /// Ours, as we wrote it: a person's reading stays where it is, and theirs.
    private func take(_ bytes: [UInt8], _ path: RemotePath) async throws {
        guard let document = try? ResultDocument(parsing: bytes), case .ours(let sources) = document.author,
            !sources.isEmpty, let model = path.parent?.name,
            let label = models.first(where: { model.elementsEqual($0.utf8) }),
            let kind = document.provenance.promptKind
        else { return }
        let received = document.received(label: label, now: now())
        let key = AnswerKey(
            content: ContentDigest.sheet(pages: sources.map(\.sha256)), model: label, promptKind: kind)
        _ = try await state.write { try $0.storeAnswer(received, key, request: nil) }
        logger.info("an answer known by its scan's content", metadata: ["result": "\(path)"])
    }
}
