import DAV
import Foundation
import Transcriber

/// A page in the spool.
struct SpooledPage: Sendable {
    var path: String
    var page: SheetJob.Page
    var sha256: String
    var mediaType: MediaType

    /// The page as an engine is given it.
    var requestPage: TranscriptionRequest.Page {
        TranscriptionRequest.Page(path: path, name: page.path.description, mediaType: mediaType)
    }
}

/// Downloads scans into the spool and takes their digests.
struct ScanFetcher: Sendable {
    /// Downloads at once.
    private static let concurrency = 8

    let dav: DAVClient
    let state: StateDatabase
    let spool: Spool
    let breaker: CircuitBreaker
    /// In bytes.
    let maximumSize: Int
    private let downloads = Limiter(Self.concurrency)

    init(dav: DAVClient, state: StateDatabase, spool: Spool, breaker: CircuitBreaker, maximumSize: Int) {
        self.dav = dav
        self.state = state
        self.spool = spool
        self.breaker = breaker
        self.maximumSize = maximumSize
    }

    /// Downloads a sheet's pages, takes their digests, and does something with them while they lie in the spool.
    /// - Throws: `WorkFault`, `DAVError`, `DatabaseError`, and what the body throws.
    func fetch<Value: Sendable>(
        _ job: SheetJob, _ body: ([SpooledPage]) async throws -> Value
    ) async throws -> Value {
        // Room for all of them at once: who has some and waits for more could wait for ever.
        let bytes = job.pages.reduce(1) { $0 + ($1.length ?? 0) }
        await spool.reserve(bytes)
        var files: [SpooledPage] = []
        defer {
            for file in files { spool.remove(file.path) }
            spool.release(bytes)
        }
        for page in job.pages { files.append(try await fetch(page)) }
        return try await body(files)
    }

    private func fetch(_ page: SheetJob.Page) async throws -> SpooledPage {
        let file = spool.newFile()
        do {
            let etag = try await downloads.run {
                try breaker.require(.nextcloud)
                return try await dav.get(page.path, to: file, limit: maximumSize)
            }
            breaker.recordSuccess(.nextcloud)
            if dav.isNextcloud, let etag, let listed = page.etag, etag.value != listed {
                // Another file may lie here by now: whose content this is, the next look says.
                throw WorkFault.later(
                    reason: "the scan was replaced a moment ago", after: .seconds(150), counts: false, visible: false)
            }
            let sha256 = try ContentDigest.hex(ofFile: file)
            try await state.write { try $0.scans.storeDigest(page, sha256: sha256) }
            guard let mediaType = MediaType(sniffing: try Self.head(of: file)) else {
                throw WorkFault.failed(reason: try Self.explainUnknownType(file))
            }
            return SpooledPage(path: file, page: page, sha256: sha256, mediaType: mediaType)
        } catch {
            spool.remove(file)
            throw error
        }
    }

    private static func head(of file: String) throws -> Data {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        return try handle.read(upToCount: MediaType.sniffLength) ?? Data()
    }

    private static func explainUnknownType(_ file: String) throws -> String {
        let head = try head(of: file)
        if head.isEmpty { return "the file is empty (0 bytes): upload it again" }
        let isText = head.allSatisfy { $0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        return "the file is \(isText ? "a text" : "of an unknown kind"), not a picture or a PDF: scan the sheet again"
    }
}
