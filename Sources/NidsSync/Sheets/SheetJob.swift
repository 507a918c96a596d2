import DAV
import Foundation
import Transcriber

/// One sheet to be read by one model, with all that its work needs to know.
struct SheetJob: Sendable {
    /// A page of the sheet.
    struct Page: Sendable {
        var scanID: Int64
        var path: RemotePath
        var fileID: String?
        var etag: String?
        /// In bytes.
        var length: Int?
        /// The content's digest, when it was taken under the present ETag.
        var sha256: String?
    }

    var id: Int64
    var sheetID: Int64
    var model: String
    var stage: Stage
    /// The sheet's revision when the job was read: work on an older one does not count.
    var revision: Int
    var content: String?
    var promptKind: PromptKind
    var answerID: Int64?
    var isPublished: Bool
    var isRecorded: Bool
    /// Starts of local work in a row that ended with the process's death.
    var starts: Int
    var attempts: Int
    /// The time at which what failed is tried again.
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

    /// The content, where every page's digest is that of its present ETag.
    var knownContent: String? {
        let digests = pages.compactMap(\.sha256)
        return pages.isEmpty || digests.count < pages.count ? nil : ContentDigest.sheet(pages: digests)
    }
}

/// A job that is due.
struct DueJob: Sendable, Equatable {
    var id: Int64
    /// Starts that ended with the process's death.
    var starts: Int
}
