import Foundation

/// A `generateContent` request, checked as Google checks it: unknown fields, types, Base64, pictures.
struct GenerateContentRequest {
    /// The files that a request may name, and the time that it comes at.
    struct Surroundings {
        let files: FileStore
        let keepsData: Bool
        let now: Date

        init(files: FileStore, _ configuration: StandInConfiguration) {
            self.files = files
            keepsData = configuration.keptBytes > 0
            now = configuration.clock()
        }
    }

    let call: ModelCall

    /// - Parameters:
    ///   - document: The request's object within `json`.
    init(
        model: String, _ document: [String: Any], in json: LeanJSON, _ surroundings: Surroundings
    ) throws(GoogleFault) {
        let fields = try MessageFields(document, at: "", of: .request)
        var inline: [InlineFile] = []
        var texts: [String] = []
        var filesFirst = true
        guard let contents = fields["contents"] as? [[String: Any]], !contents.isEmpty else {
            throw .invalidArgument("* GenerateContentRequest.contents: contents is not specified\n")
        }
        for (index, content) in contents.enumerated() {
            let place = "contents[\(index)]"
            let content = try MessageFields(content, at: place, of: .content)
            let parts = content["parts"] as? [[String: Any]] ?? []
            guard !parts.isEmpty else {
                throw .invalidArgument("* GenerateContentRequest.\(place).parts: contents.parts must not be empty.\n")
            }
            for (number, part) in parts.enumerated() {
                let place = "\(place).parts[\(number)]"
                let part = try MessageFields(part, at: place, of: .part)
                if let data = part["inlineData"] as? [String: Any] {
                    let fields = try MessageFields(data, at: "\(place).inline_data", of: .blob)
                    inline.append(try Self.inline(fields, json, surroundings))
                } else if let file = part["fileData"] as? [String: Any] {
                    let fields = try MessageFields(file, at: "\(place).file_data", of: .fileData)
                    inline.append(try Self.file(fields, surroundings))
                } else if let text = json.text(part["text"]) {
                    texts.append(text)
                    continue
                } else {
                    throw .invalidArgument(
                        "* GenerateContentRequest.\(place).data: required oneof field 'data' must "
                            + "have one initialized field\n")
                }
                if !texts.isEmpty { filesFirst = false }
            }
        }
        let configuration = fields["generationConfig"] as? [String: Any] ?? [:]
        try Self.check(try MessageFields(configuration, at: "generation_config", of: .generationConfig), model: model)
        call = ModelCall(
            api: .gemini, model: model, key: nil, inline: inline, texts: texts, filesFirst: filesFirst,
            generationConfig: JSONText.sorted(configuration), store: fields["store"] as? Bool)
    }

    private static func inline(
        _ fields: MessageFields, _ json: LeanJSON, _ surroundings: Surroundings
    ) throws(GoogleFault) -> InlineFile {
        let type = fields["mimeType"] as? String ?? ""
        let text = fields["data"] as? String ?? ""
        guard
            let blob = json.withBytes(text, { Blob(base64: $0, keepingData: surroundings.keepsData) })
        else {
            throw .invalidArgument(
                "Invalid value at '\(fields.path).data' (TYPE_BYTES), Base64 decoding failed for "
                    + "\"\(json.withBytes(text) { String(decoding: $0.prefix(20), as: UTF8.self) })\"",
                field: "\(fields.path).data")
        }
        try Picture.check(type, head: blob.head)
        return InlineFile(mimeType: type, data: blob.data, sha256: blob.sha256, size: blob.size)
    }

    private static func file(
        _ fields: MessageFields, _ surroundings: Surroundings
    ) throws(GoogleFault) -> InlineFile {
        let uri = fields["fileUri"] as? String ?? ""
        let name = uri.firstRange(of: "files/").map { String(uri[$0.lowerBound...]) } ?? uri
        guard let file = surroundings.files.file(name, at: surroundings.now) else { throw .noSuchFile(name) }
        guard file.isReady(at: surroundings.now) else {
            throw GoogleFault(
                code: 400, status: "FAILED_PRECONDITION",
                message: "The File \(name) is not in an ACTIVE state and usage is not allowed.")
        }
        let type = fields["mimeType"] as? String ?? file.mimeType
        try Picture.check(type, head: file.head)
        let data = surroundings.keepsData ? FileManager.default.contents(atPath: file.path) : nil
        return InlineFile(
            mimeType: type, data: data.map { Array($0) } ?? [], sha256: file.sha256, size: file.size, file: file.name)
    }

    private static func check(_ configuration: MessageFields, model: String) throws(GoogleFault) {
        if configuration["responseSchema"] != nil, configuration["responseJsonSchema"] != nil {
            throw .invalidArgument("Only one of response_schema and response_json_schema may be set.")
        }
        if configuration["responseJsonSchema"] != nil,
            configuration["responseMimeType"] as? String != "application/json"
        {
            throw .invalidArgument("Function calling or a response schema needs response_mime_type application/json.")
        }
        guard let thinking = configuration["thinkingConfig"] as? [String: Any] else { return }
        let fields = try MessageFields(thinking, at: "generation_config.thinking_config", of: .thinkingConfig)
        if fields["thinkingLevel"] != nil, fields["thinkingBudget"] != nil {
            throw .invalidArgument("You can only set only one of thinking budget and thinking level.")
        }
        if fields["thinkingLevel"] != nil, model.hasPrefix("gemini-2") {
            throw .invalidArgument("Thinking level is not supported for this model.")
        }
    }
}
