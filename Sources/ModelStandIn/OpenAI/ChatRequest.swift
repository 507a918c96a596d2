import Foundation

/// A chat completion's request, checked as OpenAI checks it
/// (https://platform.openai.com/docs/api-reference/chat/create).
struct ChatRequest {
    let call: ModelCall

    private static let known: Set<String> = [
        "model", "messages", "response_format", "temperature", "max_tokens", "max_completion_tokens", "top_p", "n",
        "seed", "stop", "stream", "user", "metadata", "store", "reasoning_effort", "frequency_penalty",
        "presence_penalty", "logprobs", "top_logprobs", "service_tier", "safety_identifier", "prompt_cache_key",
    ]

    init(_ body: [UInt8], _ configuration: StandInConfiguration) throws(GoogleFault) {
        guard let json = LeanJSON(body), var document = json.root as? [String: Any] else {
            throw .chat(400, "We could not parse the JSON body of your request.")
        }
        for name in document.keys.sorted() where !Self.known.contains(name) {
            throw .chat(400, "Unrecognized request argument supplied: \(name)", code: "unknown_parameter", param: name)
        }
        guard let model = document["model"] as? String else {
            throw .chat(400, "you must provide a model parameter")
        }
        guard document["stream"] as? Bool != true else { throw .chat(400, "Streaming is not known here.") }
        guard let messages = document.removeValue(forKey: "messages") as? [[String: Any]], !messages.isEmpty else {
            throw .chat(400, "Missing required parameter: 'messages'.", code: "missing_required_parameter")
        }
        try Self.check(document, configuration.chat)
        var inline: [InlineFile] = []
        var texts: [String] = []
        var filesFirst = true
        for (index, message) in messages.enumerated() {
            guard let role = message["role"] as? String, ["system", "developer", "user", "assistant"].contains(role)
            else { throw .chat(400, "Invalid value for 'messages[\(index)].role'.", param: "messages") }
            if let text = json.text(message["content"]) {
                texts.append(text)
                continue
            }
            for (number, part) in (message["content"] as? [[String: Any]] ?? []).enumerated() {
                let place = "messages[\(index)].content[\(number)]"
                switch part["type"] as? String {
                case "text":
                    guard let text = json.text(part["text"]) else {
                        throw .chat(400, "Missing '\(place).text'.", param: place)
                    }
                    texts.append(text)
                case "image_url":
                    let url = (part["image_url"] as? [String: Any])?["url"] as? String ?? ""
                    inline.append(try Self.image(url, at: place, json, keepsData: configuration.keptBytes > 0))
                    if !texts.isEmpty { filesFirst = false }
                default:
                    throw .chat(400, "Invalid value: '\(place).type'.", param: place)
                }
            }
        }
        guard !texts.isEmpty || !inline.isEmpty else { throw .chat(400, "The messages are empty.") }
        call = ModelCall(
            api: .openAI, model: model, key: nil, inline: inline, texts: texts, filesFirst: filesFirst,
            generationConfig: JSONText.sorted(document))
        try call.checkContext(configuration.chat)
    }

    /// A picture as a data URL (RFC 2397).
    private static func image(
        _ url: String, at place: String, _ json: LeanJSON, keepsData: Bool
    ) throws(GoogleFault) -> InlineFile {
        let head = json.withBytes(url) { String(decoding: $0.prefix(100), as: UTF8.self) }
        guard head.hasPrefix("data:"), let comma = head.utf8.firstIndex(of: 0x2C), head[..<comma].hasSuffix(";base64")
        else { throw .chat(400, "Invalid image_url: only data URLs are known here.", param: place) }
        let type = String(head[..<comma].dropFirst(5).dropLast(7))
        let offset = head.utf8.distance(from: head.startIndex, to: comma) + 1
        let blob = json.withBytes(url, from: offset) { Blob(base64: $0, keepingData: keepsData) }
        guard let blob else {
            throw .chat(400, "Invalid base64 image_url.", code: "invalid_base64", param: place)
        }
        guard ["image/jpeg", "image/png", "image/webp", "image/gif"].contains(type),
            PictureFormat.looksLike(type, blob.head)
        else {
            throw .chat(
                400,
                "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
                    + "['png', 'jpeg', 'gif', 'webp'].", code: "invalid_image_format")
        }
        return InlineFile(mimeType: type, data: blob.data, sha256: blob.sha256, size: blob.size)
    }

    private static func check(_ document: [String: Any], _ chat: ChatRules) throws(GoogleFault) {
        for name in ["max_tokens", "max_completion_tokens"] where document[name] != nil {
            guard chat.tokenLimits.contains(name) else {
                let other = name == "max_tokens" ? "max_completion_tokens" : "max_tokens"
                throw .chat(
                    400, "Unsupported parameter: '\(name)' is not supported with this model. Use '\(other)' instead.",
                    code: "unsupported_parameter", param: name)
            }
        }
        if !chat.takesTemperature, document["temperature"] != nil {
            throw .chat(
                400,
                "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value "
                    + "is supported.", code: "unsupported_value", param: "temperature")
        }
        guard let format = document["response_format"] as? [String: Any], let type = format["type"] as? String,
            type != "text"
        else { return }
        guard chat.formats.contains(type) else {
            if chat.ignoresOtherFormats { return }
            throw .chat(
                400, "Invalid parameter: 'response_format' of type '\(type)' is not supported with this model.",
                param: "response_format")
        }
        guard type == "json_schema" else { return }
        guard let described = format["json_schema"] as? [String: Any], described["name"] is String,
            let schema = described["schema"] as? [String: Any]
        else {
            throw .chat(400, "Missing required parameter: 'response_format.json_schema'.", param: "response_format")
        }
        if described["strict"] as? Bool == true, chat.checksStrictSchemas { try checkStrict(schema, at: []) }
    }

    /// With `strict`, every object names all its members as required and allows no others.
    private static func checkStrict(_ schema: [String: Any], at path: [String]) throws(GoogleFault) {
        let place = "In context=(\(path.map { "'\($0)'" }.joined(separator: ", ")))"
        if let properties = schema["properties"] as? [String: Any] {
            guard schema["additionalProperties"] as? Bool == false else {
                throw .chat(
                    400,
                    "Invalid schema for response_format: \(place), 'additionalProperties' is required to be "
                        + "supplied and to be false.", param: "response_format")
            }
            let required = Set(schema["required"] as? [String] ?? [])
            guard required == Set(properties.keys) else {
                throw .chat(
                    400,
                    "Invalid schema for response_format: \(place), 'required' is required to be supplied and to "
                        + "be an array including every key in properties.", param: "response_format")
            }
            for (name, property) in properties {
                if let property = property as? [String: Any] {
                    try checkStrict(property, at: path + ["properties", name])
                }
            }
        }
        if let items = schema["items"] as? [String: Any] { try checkStrict(items, at: path + ["items"]) }
    }
}
