/// Reads sheets on this machine, with Tesseract: free of charge, good at print and typewriting, blind to handwriting.
///
/// It leaves blank what it is not sure of. It needs `tesseract` with the language, ImageMagick 6 or 7's `convert` and
/// `identify`, and for PDF poppler's tools.
public struct TesseractEngine: Engine {
    public let label: String
    /// Tesseract's name of the language that is read (`fra`).
    public let language: String

    private let folder: String?

    /// - Parameters:
    ///   - label: The label under which readings are kept.
    ///   - language: Tesseract's name of the language.
    ///   - folder: Where temporary files go; the system's temporary folder when `nil`.
    public init(label: String = "tesseract", language: String = "fra", folder: String? = nil) {
        self.label = label
        self.language = language
        self.folder = folder
    }

    /// Asks for one reading of one sheet.
    /// - Throws: `TranscriptionError`, as `Engine` says.
    public func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        let version = try await version()
        let fiche = try await WorkFolder.with(in: folder) { folder throws(TranscriptionError) in
            try await read(request, in: folder)
        }
        return EngineAnswer(text: JSONValue(fiche).serialized(), providerModel: "\(version) \(language)")
    }

    /// Such as `tesseract 5.3.0`.
    private func version() async throws(TranscriptionError) -> String {
        let answer = try await Tool.tesseract.run(["--version"])
        let first = (answer.output + answer.complaints).split(separator: "\n").first.map(String.init)
        return first?.hasPrefix("tesseract") == true ? first ?? "tesseract" : "tesseract"
    }

    private func read(_ request: TranscriptionRequest, in folder: WorkFolder) async throws(TranscriptionError) -> Fiche
    {
        let loader = PageLoader(folder: folder)
        let reader = SegmentReader(folder: folder, language: language)
        var pages: [ReadPage] = []
        for (number, page) in request.pages.enumerated() {
            for picture in try await loader.pictures(of: page, number: number) {
                let layout = PageLayout(picture)
                if Task.isCancelled { throw .cancelled }
                let segments = try await reader.read(layout.segments, of: layout, name: "piece\(pages.count)")
                pages.append(ReadPage(layout: layout, segments: segments))
            }
        }
        guard pages.contains(where: \.isForm) else {
            throw .unreadable(
                reason: "no nest record sheet was recognised: is it upright and sharp, at 150 dpi or more?")
        }
        return FicheAssembler(pages: pages).fiche()
    }
}
