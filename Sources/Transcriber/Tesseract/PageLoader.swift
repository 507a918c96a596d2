/// Turns the scans of a sheet into pictures of one size.
struct PageLoader: Sendable {
    /// Pixels across; at this width the sheet's print is as high as in a scan of 150 dpi.
    static let width = 1240
    /// More points than a sheet of A4 at 800 dpi has.
    static let maximumPoints = 70_000_000

    let folder: WorkFolder

    /// The pictures of one scanned file: one, or several from a PDF or TIFF with several pages.
    /// - Throws: `TranscriptionError.unreadable` with the reason in words for the person who scanned it.
    func pictures(of page: TranscriptionRequest.Page, number: Int) async throws(TranscriptionError) -> [GrayImage] {
        let link = try folder.link(page.path, as: "scan\(number)")
        let mended = try folder.mended(link, page.mediaType, as: "mended\(number)")
        let source = mended ?? link
        let scan = try await ScanInspector(maximumPoints: { _ in Self.maximumPoints })
            .look(at: source, type: page.mediaType)
        let renderer = ScanRenderer(folder: folder, form: .gray(width: Self.width))
        var pictures: [GrayImage] = []
        for name in try await renderer.draw(scan, as: "page\(number)") {
            guard let picture = folder.bytes(of: name).flatMap(GrayImage.init(pgm:)) else { throw Scan.damaged }
            pictures.append(picture)
        }
        return pictures
    }
}
