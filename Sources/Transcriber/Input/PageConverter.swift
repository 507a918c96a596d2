import Foundation

/// Makes of a sheet's scans what a model takes: as they are where that will do, else as upright JPEGs.
///
/// Headers are read in our own process. Pictures are decoded and encoded by ImageMagick, PDFs are drawn by poppler's
/// `pdftoppm`, and `exiv2` tells how an old PNG is turned. Most scans are JPEGs that need nothing done to them, which
/// is seen without any program, or by `djpeg` for less. Each runs in a folder of its own that is gone afterwards, with
/// limits of time, memory and disk, and sees no name but ours; no more of them at a time than there are processors.
public struct PageConverter: Sendable {
    /// The pages that the model takes.
    public let accepted: AcceptedInput

    private let folder: String?

    /// - Parameters:
    ///   - accepted: The pages that the model takes.
    ///   - folder: Where temporary files go; the system's temporary folder when `nil`.
    public init(_ accepted: AcceptedInput, folder: String? = nil) {
        self.accepted = accepted
        self.folder = folder
    }

    /// Gives the body the pages to send; those that were drawn anew exist while it runs.
    ///
    /// A PDF or TIFF may become several pages. A page goes as it is when its type is accepted, it is upright (whether
    /// a provider heeds EXIF's orientation is not for us to find out), its points square, nothing in it transparent,
    /// not in the colours of print, not larger than what is useful, and whole.
    ///
    /// - Throws: `TranscriptionError.unreadable` for what is damaged, cut off, locked, too large or too small,
    ///   `.toolMissing` without a program, `.toolFailed` when one hangs or crashes over a page, `.machineFault` when the
    ///   disk is full or no program can be started, `.cancelled`, and what the body throws.
    public func convert<Result: Sendable>(
        _ pages: [TranscriptionRequest.Page],
        body: ([TranscriptionRequest.Page]) async throws(TranscriptionError) -> Result
    ) async throws(TranscriptionError) -> Result {
        guard !pages.isEmpty else { throw .unreadable(reason: "the sheet has no page") }
        if try await areFine(pages) { return try await body(pages) }
        // What the body gives has perhaps been paid for: it counts whatever became of the folder.
        return try await WorkFolder.with(in: folder, outcomeIsOwn: false) { folder throws(TranscriptionError) in
            let ready = try await folder.watching { () async throws(TranscriptionError) in
                try await Self.inTurn { () async throws(TranscriptionError) in try await convert(pages, in: folder) }
            }
            return try await body(ready)
        }
    }

    /// True when every page goes as it is, which is told of most sheets without a folder and without any program.
    private func areFine(_ pages: [TranscriptionRequest.Page]) async throws(TranscriptionError) -> Bool {
        guard accepted.mediaTypes.contains(.jpeg), pages.allSatisfy({ $0.mediaType == .jpeg }) else { return false }
        return try await Self.inTurn { () async throws(TranscriptionError) in
            if Task.isCancelled { throw .cancelled }
            return pages.allSatisfy { check.passesUnaided($0.path, largest: accepted.largestFile) }
        }
    }

    private func convert(
        _ pages: [TranscriptionRequest.Page], in folder: WorkFolder
    ) async throws(TranscriptionError) -> [TranscriptionRequest.Page] {
        var ready: [TranscriptionRequest.Page] = []
        for (number, page) in pages.enumerated() {
            do throws(TranscriptionError) {
                ready += try await convert(page, number: number, in: folder)
            } catch {
                throw pages.count > 1 ? error.naming(page.name) : error
            }
        }
        return ready
    }

    private func convert(
        _ page: TranscriptionRequest.Page, number: Int, in folder: WorkFolder
    ) async throws(TranscriptionError) -> [TranscriptionRequest.Page] {
        let path = try folder.link(page.path, as: "scan\(number)")
        if let mended = try folder.mended(path, page.mediaType, as: "mended\(number)") {
            var whole = page
            whole.path = mended
            return try await convert(whole, at: mended, number: number, in: folder)
        }
        return try await convert(page, at: path, number: number, in: folder)
    }

    private func convert(
        _ page: TranscriptionRequest.Page, at path: String, number: Int, in folder: WorkFolder
    ) async throws(TranscriptionError) -> [TranscriptionRequest.Page] {
        if isTaken(page), try await check.passes(path) { return [page] }
        let scan: Scan
        do throws(TranscriptionError) {
            scan = try await Self.inspector.look(at: path, type: page.mediaType)
        } catch {
            guard error == Scan.damaged || error == Scan.incomplete, isTaken(page) else { throw error }
            return [page]
        }
        if goesAsItIs(scan, size: ScanRenderer.size(of: page.path)) {
            if scan.mediaType != .pdf { try await ScanRenderer.checkWholeness(of: scan) }
            return [page]
        }
        let renderer = ScanRenderer(folder: folder, form: .jpeg(longestSide: accepted.longestSide))
        let names = try await renderer.draw(scan, as: "page\(number)")
        for name in names where ScanRenderer.size(of: folder.file(name)) == 0 { throw Scan.damaged }
        return names.enumerated().map { index, name in
            TranscriptionRequest.Page(
                path: folder.file(name), name: names.count == 1 ? page.name : "\(page.name), page \(index + 1)",
                mediaType: .jpeg)
        }
    }

    /// True for a file that the model takes, were its picture found to be fine.
    ///
    /// A JPEG that our tools make nothing of at all may be one to the provider, and one that it refuses costs nothing.
    /// One that they see breaks off is not sent: the half that is there would be read and paid for.
    private func isTaken(_ page: TranscriptionRequest.Page) -> Bool {
        page.mediaType == .jpeg && accepted.mediaTypes.contains(page.mediaType)
            && ScanRenderer.size(of: page.path) <= accepted.largestFile
    }

    /// Smaller pictures are for the model to refuse.
    private static let inspector = ScanInspector(maximumPoints: maximumPoints, smallest: (8, 8))

    private var check: JPEGCheck {
        JPEGCheck(longestSide: accepted.toleratedSide, smallest: Self.inspector.smallest)
    }

    /// Sheets by the dozen may be waiting for a provider's leave; their pictures are decoded no more at a time than
    /// there are processors, or the machine's memory would be their limit.
    private static let turns: RequestGate = {
        let count = max(2, ProcessInfo.processInfo.activeProcessorCount)
        return RequestGate(cap: count, initialWindow: count)
    }()

    private static func inTurn<Result: Sendable>(
        _ work: () async throws(TranscriptionError) -> Result
    ) async throws(TranscriptionError) -> Result {
        do {
            return try await turns.run { try await work() }
        } catch let error as TranscriptionError {
            throw error
        } catch {
            throw .cancelled
        }
    }

    private func goesAsItIs(_ scan: Scan, size: Int) -> Bool {
        guard accepted.mediaTypes.contains(scan.mediaType), size <= accepted.largestFile else { return false }
        switch scan.mediaType {
        case .pdf: return scan.pages.allSatisfy(\.isPlain)
        case .heic, .avif: return false
        case .jpeg, .png, .webp, .tiff, .jp2, .gif, .bmp:
            guard scan.pages.count == 1, let page = scan.pages.first else { return false }
            return page.isPlain && page.longestSide <= Double(accepted.toleratedSide)
        }
    }

    /// Telephones make pictures of 108 million points: a JPEG can be made smaller while it is decoded, others need
    /// memory for every point; A4 at 800 dpi has 62 million.
    private static let maximumPoints: @Sendable (MediaType) -> Int = { $0 == .jpeg ? 130_000_000 : 70_000_000 }
}

extension TranscriptionError {
    /// The same, with the page that it is about.
    fileprivate func naming(_ page: String) -> TranscriptionError {
        guard case .unreadable(let reason) = self else { return self }
        return .unreadable(reason: "\(page): \(reason)")
    }
}
