import Foundation
import HTTP

/// A `generateContent` request, put together from parts: pages are read and encoded while they are sent.
struct GeminiRequest: Sendable {
    /// Google's limit for a PDF.
    static let documentLimit = 50_000_000

    /// Google keeps requests of projects created since 26 October 2026 unless it is told not to
    /// (https://ai.google.dev/gemini-api/docs/logs-datasets).
    private static let notStored = ",\"store\":false}"

    let request: TranscriptionRequest
    let options: GeminiEngine.Options
    /// The pages, checked.
    let pages: [Page]

    /// A page that Gemini takes.
    struct Page: Sendable {
        let page: TranscriptionRequest.Page
        let size: Int
        var type: String { page.mediaType.rawValue }
        /// In Base64.
        var encodedSize: Int { (size + 2) / 3 * 4 }
    }

    /// - Throws: `TranscriptionError.unreadable` for a page that Gemini does not take, `.unavailable` for one that is
    ///   not there.
    init(_ request: TranscriptionRequest, options: GeminiEngine.Options) throws(TranscriptionError) {
        guard !request.pages.isEmpty else { throw .unreadable(reason: "the sheet has no page") }
        var pages: [Page] = []
        for page in request.pages {
            switch page.mediaType {
            case .jpeg, .png, .webp, .heic, .pdf: break
            case .tiff, .avif, .jp2, .gif, .bmp:
                throw .unreadable(
                    reason: "\(page.name) is a \(page.mediaType == .tiff ? "TIFF" : page.mediaType.rawValue), which "
                        + "Gemini does not read: convert it to JPEG or PDF")
            }
            let size = try page.size()
            guard size <= (page.mediaType == .pdf ? Self.documentLimit : GeminiFiles.sizeLimit) else {
                throw .unreadable(
                    reason: "\(page.name) is too large for Gemini (\(size / 1_000_000) MB): scan it with fewer dots "
                        + "per inch, or compress it")
            }
            pages.append(Page(page: page, size: size))
        }
        self.request = request
        self.options = options
        self.pages = pages
    }

    /// True when the pages fit into the request itself.
    var fitsInline: Bool { pages.reduce(0) { $0 + $1.encodedSize } < options.inlineLimit }

    /// The body, on one line.
    ///
    /// - Parameters:
    ///   - uploaded: The URIs of the pages, where they have been uploaded; else they go inside.
    ///   - saysStore: Whether it says that it is not to be stored; servers of before do not know the word.
    func parts(uploaded: [String]? = nil, saysStore: Bool = true) -> [HTTPBody.Part] {
        var parts: [HTTPBody.Part] = []
        var opening = "{\"contents\":[{\"role\":\"user\",\"parts\":["
        for (index, page) in pages.enumerated() {
            if let uploaded {
                let file: JSONValue = [
                    "fileData": ["mimeType": .string(page.type), "fileUri": .string(uploaded[index])]
                ]
                parts.append(.text(opening + file.serialized(.canonical)))
                opening = ","
            } else {
                parts.append(.text(opening + "{\"inlineData\":{\"mimeType\":\"\(page.type)\",\"data\":\""))
                parts.append(.base64File(path: page.page.path))
                opening = "\"}},"
            }
        }
        let prompt: JSONValue = ["text": .string(Prompt.text(for: request.promptKind))]
        // The order of the schema's members counts.
        let configuration = generationConfig.serialized(.compact)
        parts.append(
            .text(
                opening + prompt.serialized(.canonical) + "]}],\"generationConfig\":" + configuration
                    + (saysStore ? Self.notStored : "}")))
        return parts
    }

    private var generationConfig: JSONValue {
        var object = JSONObject([
            ("responseMimeType", "application/json"), ("responseJsonSchema", FicheSchema.jsonSchema),
            ("maxOutputTokens", .integer(options.maxOutputTokens(for: request))),
        ])
        if let resolution = options.mediaResolution { object["mediaResolution"] = .string(resolution.rawValue) }
        switch options.thinking {
        case .level(let level): object["thinkingConfig"] = ["thinkingLevel": .string(level)]
        case .budget(let tokens): object["thinkingConfig"] = ["thinkingBudget": .integer(tokens)]
        case nil: break
        }
        return .object(object)
    }
}

extension TranscriptionRequest.Page {
    /// The file's size in bytes.
    func size() throws(TranscriptionError) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue else {
            throw .unavailable(reason: "the local copy of \(name) is gone", retryAfter: nil, mayHaveBeenBilled: false)
        }
        guard size > 0 else { throw .unreadable(reason: "\(name) is empty") }
        return size
    }
}
