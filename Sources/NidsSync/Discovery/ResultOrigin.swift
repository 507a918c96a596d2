import DAV
import Transcriber

/// The origin of a file that lies in the place of a result of ours.
enum ResultOrigin: Equatable {
    /// The bytes that we sent there.
    case asWritten
    /// An empty file, or a web page: no reading at all, whoever left it.
    case nothing
    /// A result of ours, as we wrote it, of another scan, which lay at that path.
    case ofAnotherScan(String)
    /// A person's.
    case persons

    init(_ bytes: [UInt8], _ publication: Publication, _ job: SheetJob?) {
        let digest = ContentDigest.hex(of: bytes)
        let first = bytes.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
        if digest == publication.published || digest == publication.sending {
            self = .asWritten
        } else if first == nil || first == UInt8(ascii: "<") {
            self = .nothing
        } else if let job, let document = try? ResultDocument(parsing: bytes),
            case .ours(let sources) = document.author,
            !sources.isEmpty, Self.areOthers(sources, than: job)
        {
            self = .ofAnotherScan(sources.first?.path ?? "")
        } else {
            self = .persons
        }
    }

    /// A restored version of this scan's own result has its file id, or its content.
    private static func areOthers(_ sources: [ResultDocument.Source], than job: SheetJob) -> Bool {
        let ids = Set(job.pages.compactMap(\.fileID))
        let contents = Set(job.pages.compactMap(\.sha256))
        guard !job.pages.isEmpty else { return false }
        return sources.allSatisfy { source in
            let isSameFile = source.fileID.map(ids.contains) ?? false
            let isSamePlace = job.pages.contains { $0.path.description == source.path }
            return !isSameFile && !isSamePlace && !contents.contains(source.sha256)
        }
    }
}
