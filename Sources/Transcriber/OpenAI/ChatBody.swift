import HTTP

/// A chat completion's request, put together from parts: pictures are read and encoded while they are sent.
struct ChatBody {
    let parts: [HTTPBody.Part]

    /// - Throws: `TranscriptionError.unreadable` for a page that such servers do not take.
    init(
        _ request: TranscriptionRequest, model: String, form: ChatDialect.Form, options: OpenAIEngine.Options
    ) throws(TranscriptionError) {
        guard !request.pages.isEmpty else { throw .unreadable(reason: "the sheet has no page") }
        var opening = "{\"model\":" + JSONValue.string(model).serialized(.canonical)
        opening += ",\"messages\":[{\"role\":\"user\",\"content\":["
        var parts: [HTTPBody.Part] = []
        for page in request.pages {
            switch page.mediaType {
            case .jpeg, .png, .webp: break
            case .tiff, .heic, .avif, .jp2, .gif, .bmp, .pdf:
                throw .unreadable(
                    reason: "\(page.name) is \(page.mediaType.rawValue), which this model's server does not read: "
                        + "convert it to JPEG")
            }
            _ = try page.size()
            opening += "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\(page.mediaType.rawValue);base64,"
            parts.append(.text(opening))
            parts.append(.base64File(path: page.path))
            opening = "\"}},"
        }
        let prompt: JSONValue = ["type": "text", "text": .string(Prompt.text(for: request.promptKind))]
        parts.append(
            .text(opening + prompt.serialized(.canonical) + "]}]" + Self.settings(request, form, options) + "}"))
        self.parts = parts
    }

    private static func settings(
        _ request: TranscriptionRequest, _ form: ChatDialect.Form, _ options: OpenAIEngine.Options
    ) -> String {
        var settings: [(String, JSONValue)] = []
        if form.tokenLimit != .none {
            settings.append(
                (form.tokenLimit.rawValue, .integer(options.maxOutputTokens(for: request, most: form.mostTokens))))
        }
        if form.sendsTemperature, let temperature = options.temperature {
            settings.append(("temperature", .number(temperature)))
        }
        if form.sendsReasoningEffort, let effort = options.reasoningEffort {
            settings.append(("reasoning_effort", .string(effort)))
        }
        switch form.format {
        case .jsonSchema:
            settings.append(
                (
                    "response_format",
                    [
                        "type": "json_schema",
                        "json_schema": ["name": "fiche", "strict": true, "schema": FicheSchema.jsonSchema],
                    ]
                ))
        case .jsonObject:
            settings.append(("response_format", ["type": "json_object"]))
        case .text:
            break
        }
        // Readably, because the order of the schema's members counts.
        return settings.map { "," + JSONValue.string($0.0).serialized(.canonical) + ":" + $0.1.serialized(.readable) }
            .joined()
    }
}
