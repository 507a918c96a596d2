import Foundation
import HTTP

extension GeminiEngine {
    /// Google's limit for a request with files inside, in Base64, since January 2026 (20 MB before).
    static let inlineLimit = 100_000_000
    /// Google's limit for a PDF.
    static let documentLimit = 50_000_000

    /// The request's body, in parts: the pages are read and encoded while they are sent.
    func body(for request: TranscriptionRequest) throws(TranscriptionError) -> HTTPBody {
        guard !request.pages.isEmpty else { throw .unreadable(reason: "the sheet has no page") }
        var parts: [HTTPBody.Part] = []
        var opening = "{\"contents\":[{\"role\":\"user\",\"parts\":["
        var encodedSize = 0
        for page in request.pages {
            let type = try Self.inlineType(of: page)
            let size = try Self.size(of: page)
            encodedSize += (size + 2) / 3 * 4
            guard encodedSize < Self.inlineLimit, page.mediaType != .pdf || size <= Self.documentLimit else {
                throw .unreadable(
                    reason: "\(page.name) is too large for Gemini (\(size / 1_000_000) MB): scan it with fewer dots "
                        + "per inch, or compress it")
            }
            parts.append(.text(opening + "{\"inlineData\":{\"mimeType\":\"\(type)\",\"data\":\""))
            parts.append(.base64File(path: page.path))
            opening = "\"}},"
        }
        let prompt: JSONValue = ["text": .string(Prompt.text(for: request.promptKind))]
        let closing =
            opening + prompt.serialized(.canonical) + "]}],\"generationConfig\":"
            + generationConfig.serialized(.readable) + "}"
        parts.append(.text(closing))
        return .parts(parts)
    }

    private var generationConfig: JSONValue {
        var object = JSONObject([
            ("responseMimeType", "application/json"), ("responseJsonSchema", FicheSchema.jsonSchema),
            ("maxOutputTokens", .integer(options.maxOutputTokens)),
        ])
        if let temperature = options.temperature { object["temperature"] = .number(temperature) }
        if let resolution = options.mediaResolution { object["mediaResolution"] = .string(resolution.rawValue) }
        switch options.thinking {
        case .level(let level): object["thinkingConfig"] = ["thinkingLevel": .string(level)]
        case .budget(let tokens): object["thinkingConfig"] = ["thinkingBudget": .integer(tokens)]
        case nil: break
        }
        return .object(object)
    }

    private static func inlineType(of page: TranscriptionRequest.Page) throws(TranscriptionError) -> String {
        switch page.mediaType {
        case .jpeg, .png, .webp, .heic, .pdf: return page.mediaType.rawValue
        case .tiff:
            throw .unreadable(reason: "\(page.name) is a TIFF, which Gemini does not read: convert it to JPEG or PDF")
        }
    }

    private static func size(of page: TranscriptionRequest.Page) throws(TranscriptionError) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: page.path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue else {
            throw .unavailable(
                reason: "the local copy of \(page.name) is gone", retryAfter: nil, mayHaveBeenBilled: false)
        }
        guard size > 0 else { throw .unreadable(reason: "\(page.name) is empty") }
        return size
    }
}
