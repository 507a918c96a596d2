import Crypto
import Foundation

/// A `generateContent` request, checked as Google checks it: unknown fields, types, Base64, pictures.
struct GenerateContentRequest {
    let call: ModelStandInServer.Call

    init(model: String, body: [UInt8]) throws(GoogleFault) {
        guard let document = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw .invalidArgument("Invalid JSON payload received. Unexpected token.\n^")
        }
        let fields = try Fields(document, at: "", of: .request)
        var inline: [ModelStandInServer.Inline] = []
        var texts: [String] = []
        var filesFirst = true
        guard let contents = fields["contents"] as? [[String: Any]], !contents.isEmpty else {
            throw .invalidArgument("* GenerateContentRequest.contents: contents is not specified\n")
        }
        for (index, content) in contents.enumerated() {
            let place = "contents[\(index)]"
            let content = try Fields(content, at: place, of: .content)
            let parts = content["parts"] as? [[String: Any]] ?? []
            guard !parts.isEmpty else {
                throw .invalidArgument("* GenerateContentRequest.\(place).parts: contents.parts must not be empty.\n")
            }
            for (number, part) in parts.enumerated() {
                let place = "\(place).parts[\(number)]"
                let part = try Fields(part, at: place, of: .part)
                if let data = part["inlineData"] as? [String: Any] {
                    inline.append(try Self.inline(Fields(data, at: "\(place).inline_data", of: .blob)))
                    if !texts.isEmpty { filesFirst = false }
                } else if let text = part["text"] as? String {
                    texts.append(text)
                } else {
                    throw .invalidArgument(
                        "* GenerateContentRequest.\(place).data: required oneof field 'data' must "
                            + "have one initialized field\n")
                }
            }
        }
        let configuration = fields["generationConfig"] as? [String: Any] ?? [:]
        try Self.check(try Fields(configuration, at: "generation_config", of: .generationConfig), model: model)
        let written = try? JSONSerialization.data(
            withJSONObject: configuration, options: [.sortedKeys, .withoutEscapingSlashes])
        call = ModelStandInServer.Call(
            model: model, inline: inline, texts: texts, filesFirst: filesFirst,
            generationConfig: String(decoding: written ?? Data(), as: UTF8.self))
    }

    private static func inline(_ fields: Fields) throws(GoogleFault) -> ModelStandInServer.Inline {
        let type = fields["mimeType"] as? String ?? ""
        let text = fields["data"] as? String ?? ""
        guard let data = Self.decoded(text) else {
            throw .invalidArgument(
                "Invalid value at '\(fields.path).data' (TYPE_BYTES), Base64 decoding failed for "
                    + "\"\(text.prefix(20))\"", field: "\(fields.path).data")
        }
        let bytes = [UInt8](data)
        switch type {
        case "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif":
            guard Self.looksLike(type, bytes) else {
                throw .invalidArgument(
                    "Unable to process input image. Please retry or report in "
                        + "https://developers.generativeai.google/guide/troubleshooting")
            }
        case "application/pdf":
            guard bytes.prefix(1024).firstRange(of: Array("%PDF-".utf8)) != nil else {
                throw .invalidArgument("The document has no pages.")
            }
        case "text/plain":
            break
        default:
            throw .invalidArgument("Unsupported MIME type: \(type)")
        }
        let digest = SHA256.hash(data: data).map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }
        return ModelStandInServer.Inline(mimeType: type, data: bytes, sha256: digest.joined())
    }

    /// Protocol Buffers' JSON form takes Base64 in both alphabets, with or without padding; Google's Python client
    /// sends the one for URLs.
    private static func decoded(_ text: String) -> Data? {
        var text = text.replacing("-", with: "+").replacing("_", with: "/")
        let missing = (4 - text.utf8.count % 4) % 4
        if missing < 3, text.last != "=" { text += String(repeating: "=", count: missing) }
        return Data(base64Encoded: text)
    }

    private static func looksLike(_ type: String, _ bytes: [UInt8]) -> Bool {
        switch type {
        case "image/jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
        case "image/webp": bytes.starts(with: Array("RIFF".utf8))
        default: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
        }
    }

    private static func check(_ configuration: Fields, model: String) throws(GoogleFault) {
        if configuration["responseSchema"] != nil, configuration["responseJsonSchema"] != nil {
            throw .invalidArgument("Only one of response_schema and response_json_schema may be set.")
        }
        if configuration["responseJsonSchema"] != nil,
            configuration["responseMimeType"] as? String != "application/json"
        {
            throw .invalidArgument("Function calling or a response schema needs response_mime_type application/json.")
        }
        guard let thinking = configuration["thinkingConfig"] as? [String: Any] else { return }
        let fields = try Fields(thinking, at: "generation_config.thinking_config", of: .thinkingConfig)
        if fields["thinkingLevel"] != nil, fields["thinkingBudget"] != nil {
            throw .invalidArgument("You can only set only one of thinking budget and thinking level.")
        }
        if fields["thinkingLevel"] != nil, model.hasPrefix("gemini-2") {
            throw .invalidArgument("Thinking level is not supported for this model.")
        }
    }
}
