import DAV
import GRDB
import Transcriber

/// One sheet to be read by one model, with all that its work needs to know.
struct SheetJob: Sendable {
    enum Stage: String, Sendable {
        /// Its content has to be looked at.
        case new
        /// An answer is there; it has not been delivered everywhere.
        case answered
        /// Delivered, or adopted.
        case done
        /// Failed for good, until its content changes or a person asks.
        case failed
    }

    /// A page of the sheet.
    struct Page: Sendable {
        var scanID: Int64
        var path: RemotePath
        var fileID: String?
        var etag: String?
        var length: Int?
        /// The content's digest, when it was taken under the present tag.
        var sha256: String?
    }

    var id: Int64
    var model: String
    var stage: Stage
    var content: String?
    var promptKind: PromptKind
    var answerID: Int64?
    var isRecorded: Bool
    var starts: Int
    var attempts: Int
    var folder: RemotePath
    var resultStem: [UInt8]
    var pages: [Page]

    /// The scan that the sheet is known by.
    var path: RemotePath { pages.first?.path ?? folder }

    var resultPath: RemotePath? { ResultNames.result(folder: folder, model: model, stem: resultStem) }
    var rawPath: RemotePath? { ResultNames.raw(folder: folder, model: model, stem: resultStem) }
}

/// One file of ours in Nextcloud, and how far it is.
struct Publication: Sendable {
    enum State: String, Sendable {
        /// To be sent, or being sent.
        case pending
        /// There, and ours.
        case published
        /// A person's: edited, or there before us. It stays.
        case theirs
        /// Deleted by a person. It is not brought back.
        case deleted
    }

    var path: RemotePath
    var jobID: Int64
    var state: State
    /// The tag that the file had when it was last ours.
    var etag: String?
    /// The digest of the bytes that are being sent.
    var sending: String?
    /// The digest of the bytes that were last known to be there and ours.
    var published: String?

    /// Whether it is the result itself; a raw answer is nobody's observation.
    var isResult: Bool { !path.name.reversed().starts(with: "_raw.json".utf8.reversed()) }
}

/// A stored answer.
struct StoredAnswer: Sendable {
    var id: Int64
    var text: String
    var promptVersion: Int
    var providerModel: String
    var usage: TokenUsage?
    var askedAt: Double
    var receivedAt: Double
}
