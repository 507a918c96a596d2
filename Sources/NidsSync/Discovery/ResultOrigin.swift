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
        } else if let job, !job.pages.isEmpty, let scan = (try? ResultDocument(parsing: bytes))?.otherScan(than: job) {
            self = .ofAnotherScan(scan)
        } else {
            self = .persons
        }
    }
}
