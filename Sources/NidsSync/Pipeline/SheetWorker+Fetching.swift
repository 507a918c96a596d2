import DAV
import Foundation
import Transcriber

/// A page in the spool.
struct SpooledPage: Sendable {
    var path: String
    var page: SheetJob.Page
    var sha256: String
    var mediaType: MediaType
    /// The room it takes in the spool.
    var bytes: Int
}

extension SheetWorker {
    /// Downloads a sheet's pages into the spool and takes their digests.
    func fetch(_ job: SheetJob) async throws -> [SpooledPage] {
        var files: [SpooledPage] = []
        do {
            for page in job.pages { files.append(try await fetch(page)) }
            return files
        } catch {
            for file in files { spool.remove(file.path, bytes: file.bytes) }
            throw error
        }
    }

    private func fetch(_ page: SheetJob.Page) async throws -> SpooledPage {
        let bytes = max(page.length ?? 0, 1)
        let file = await spool.newFile(bytes: bytes)
        do {
            let limit = settings.nextcloud.maximumScanSize
            _ = try await downloads.run {
                try require(.nextcloud)
                return try await dav.get(page.path, to: file, limit: limit)
            }
            availability.reopen(.nextcloud)
            let sha256 = try ContentDigest.hex(ofFile: file)
            try await state.storeDigest(page, sha256: sha256)
            guard let mediaType = MediaType(sniffing: try Self.head(of: file)) else {
                throw WorkInterruption.failed(reason: try Self.explainUnknownType(file))
            }
            return SpooledPage(path: file, page: page, sha256: sha256, mediaType: mediaType, bytes: bytes)
        } catch {
            spool.remove(file, bytes: bytes)
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
