import DAV
import Foundation
import Transcriber

/// Finds the results that people moved: files that belong to no sheet, told by their content.
struct StrayResults: Sendable {
    /// So many files are read to find one that is gone from its place.
    private static let limit = 20

    let state: StateDatabase
    let reader: ResultReader

    /// The place to which a person moved a result, alone or with its scan.
    ///
    /// - Returns: the publication as it is there, with its origin: ours stays ours, an edited one a person's.
    /// - Throws: `DAVError`, `DatabaseError`.
    func find(_ before: Publication, of job: SheetJob) async throws -> Publication? {
        let place = before.isResult ? job.resultPath : job.rawPath
        let strays = try await state.read {
            try $0.resultFiles.strays(for: before, place: place, limit: Self.limit)
        }
        for stray in strays {
            guard case .file(let found) = try await reader.read(stray.path) else { continue }
            var publication = before
            publication.path = stray.path
            publication.etag = found.etag?.value
            let isOurs = found.digest == before.published || found.digest == before.sending
            if isOurs || (before.etag != nil && stray.etag == before.etag) { return publication }
            // Moved, with its scan or with its folder, and edited or spoilt before or since: it names the scan, or lies
            // where the scan's result belongs.
            guard ResultOrigin(found.bytes, before, job) == .persons, stray.path == place || isOf(job, found.bytes)
            else { continue }
            publication.state = .theirs
            return publication
        }
        return nil
    }

    /// `true` for a result that was read from the job's scan.
    private func isOf(_ job: SheetJob, _ bytes: [UInt8]) -> Bool {
        guard let document = try? ResultDocument(parsing: bytes) else { return false }
        let contents = Set(job.pages.compactMap(\.sha256))
        let ids = Set(job.pages.compactMap(\.fileID))
        return document.sources.contains { contents.contains($0.sha256) || ($0.fileID.map(ids.contains) ?? false) }
    }
}
