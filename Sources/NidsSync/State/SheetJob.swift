import DAV
import Foundation
import GRDB
import Transcriber

/// One sheet to be read by one model, with all that its work needs to know.
struct SheetJob: Sendable {
    enum Stage: String, Sendable, CaseIterable {
        /// Nothing is known of it but that it is there.
        case new
        /// Something lies at its result's place, which may be its result.
        case adopting
        /// Its content has to be looked at, and a model asked.
        case asking
        /// It is one of a batch, whose answers come within a day.
        case batched
        /// An answer is there; it has not been delivered everywhere.
        case answered
        /// Delivered, or adopted.
        case done
        /// Failed for good, until its content changes or a person asks.
        case failed
        /// Its scans are gone; its rows have still to be withdrawn.
        case withdrawing
        /// Its scans are gone.
        case withdrawn

        /// The stages in which a sheet has no answer yet.
        static let unanswered: [Stage] = [.new, .adopting, .asking]
        /// The stages in which there is something to do.
        static let pending: [Stage] = unanswered + [.batched, .answered, .withdrawing]
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
    var sheetID: Int64
    var model: String
    var stage: Stage
    /// What it was when the job was read: work on an older one does not count.
    var revision: Int
    var content: String?
    var promptKind: PromptKind
    var answerID: Int64?
    var isPublished: Bool
    var isRecorded: Bool
    var starts: Int
    var attempts: Int
    /// When what failed is tried again.
    var nextAttempt: Date?
    var folder: RemotePath
    var resultStem: [UInt8]
    /// The path under which its rows stand in the database of observations.
    var recordedPath: RemotePath?
    var pages: [Page]

    /// The scan that the sheet is known by.
    var path: RemotePath { pages.first?.path ?? recordedPath ?? folder }

    var resultPath: RemotePath? { ResultNames.result(folder: folder, model: model, stem: resultStem) }
    var rawPath: RemotePath? { ResultNames.raw(folder: folder, model: model, stem: resultStem) }

    /// The content, where every page's digest is that of its present tag.
    var knownContent: String? {
        let digests = pages.compactMap(\.sha256)
        return pages.isEmpty || digests.count < pages.count ? nil : ContentDigest.sheet(pages: digests)
    }
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
    /// Whether it was one of a batch.
    var isOfBatch = false
    /// What an adopted result says of its reading, as JSON; `nil` where the text itself tells.
    var remarks: String?
}
