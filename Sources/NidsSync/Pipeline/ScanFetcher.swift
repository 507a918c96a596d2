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
            let outcome = try await download(page, to: file)
            let sha256 = try ContentDigest.hex(ofFile: file)
            if outcome.agreement == .differs { try await confirm(page, sha256, file) }
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

    private func download(_ page: SheetJob.Page, to file: String) async throws -> DownloadOutcome {
        let expected = BodyExpectation(
            length: page.length, etag: page.etag.flatMap(ETag.init), refusesOtherETag: false)
        let outcome = try await downloads.run {
            try breaker.require(.nextcloud)
            do throws(DAVError) {
                return try await dav.get(page.path, to: file, limit: maximumSize, expecting: expected)
            } catch {
                if error.kind == .notFound, error.proof != .nothing { try await requireRoot() }
                if case .unexpectedBody = error.kind { try await requireListed(page) }
                throw error
            }
        }
        breaker.recordSuccess(.nextcloud)
        breaker.recordSuccess(.machine)
        return outcome
    }

    /// Where the root is not there either, no scan is gone, and what waits goes on the moment that the root is back.
    private func requireRoot() async throws {
        do throws(DAVError) {
            _ = try await dav.etag(of: .root)
        } catch {
            guard error.kind == .notFound, error.proof != .nothing else { return }
            let words = "the root folder is not there for this account just now: \(error.description)"
            breaker.open(.nextcloud, .nextcloud(words))
            throw WorkFault.waiting(reason: words)
        }
    }

    /// A download came under another ETag than the one listed: the scan was replaced, or the server's downloads never
    /// have the listing's. Where the listing still says the same, the same content twice is the listed one.
    private func confirm(_ page: SheetJob.Page, _ sha256: String, _ file: String) async throws {
        try await requireListed(page)
        _ = try await download(page, to: file)
        guard try ContentDigest.hex(ofFile: file) == sha256 else {
            throw WorkFault.later(
                reason: "\(page.path) comes with another content at each download", after: .seconds(30), counts: true,
                visible: false)
        }
    }

    /// What is no longer the file that was listed is left to the next look, however often it is fetched: another file may
    /// lie here by now, and whose content it is, that says.
    private func requireListed(_ page: SheetJob.Page) async throws {
        let listed = try await dav.properties(of: page.path)
        guard let etag = page.etag.flatMap(ETag.init), etag.matches(listed.etag), listed.fileID == page.fileID else {
            throw WorkFault.later(
                reason: "the scan was replaced a moment ago", after: .seconds(150), counts: false, visible: false)
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
