import DAV
@testable import NidsSync
import Transcriber

/// What lies in Nextcloud beside the scans, and what a person configures.
enum ServiceTargets {
    /// A result file is whose it is, however it is written.
    static func resultFile(_ bytes: [UInt8]) {
        guard let document = try? ResultDocument(parsing: bytes) else { return }
        _ = (document.checks, document.comparedModels, document.remarks, document.provenance)
        let again = try? ResultDocument(parsing: document.bytes)
        precondition(again?.author == document.author)
        if let job { _ = document.otherScan(than: job) }
        _ = try? FicheRepair.repair(document.sheet)
        let publication = Publication(path: RootClaim.path, jobID: 1, state: .published)
        _ = ResultOrigin(bytes, publication, job)
    }

    private static let job: SheetJob? = RemotePath("jpeg/fiche 1.jpg").map { path in
        let page = SheetJob.Page(scanID: 1, path: path, fileID: "7", etag: "e", length: 10, sha256: nil)
        return SheetJob(
            id: 1, sheetID: 1, model: "m", stage: .asking, revision: 0, content: nil, promptKind: .standard,
            answerID: nil, isPublished: false, isRecorded: false, starts: 0, attempts: 0, nextAttempt: nil,
            folder: path.parent ?? .root, resultStem: Array("fiche 1".utf8), recordedPath: nil, pages: [page])
    }

    static func claim(_ bytes: [UInt8]) {
        guard let claim = RootClaim.Claim(bytes) else { return }
        precondition((claim.host ?? "").unicodeScalars.count <= 100)
    }

    /// A configuration that loads is one, and of any other it is said what is wrong.
    static func configuration(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        // Files that it names are not opened.
        guard !text.contains("_file") else { return }
        do throws(ConfigurationError) {
            let file = try SettingsFile(text: text, name: "config.yaml")
            _ = try SettingsLoader(file: file, environment: ["NIDS_STATE_DIRECTORY": "/nowhere"]).load()
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    /// The first line is a pattern, the rest a path.
    static func paths(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        let pattern = String(decoding: parts.first ?? [], as: UTF8.self)
        let rest = Array(parts.dropFirst().first ?? [])
        _ = Glob(pattern).matches(rest)
        _ = Glob.misunderstanding(in: pattern)
        guard let path = RemotePath(bytes: rest) else { return }
        _ = PageName(stem: PageName.stem(of: path.name))
        for stem in ResultNames.stems(for: path) + [ResultNames.furtherStem(3, for: path)] {
            for name in [ResultNames.result, ResultNames.raw] {
                guard let place = name(path.parent ?? .root, "model", stem) else { continue }
                precondition(place.name.count <= ResultNames.longestName)
            }
        }
    }
}
