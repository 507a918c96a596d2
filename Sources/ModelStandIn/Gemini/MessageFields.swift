/// The fields of a message, under their names in camel case; Protocol Buffers' JSON form takes both spellings and
/// refuses names that it does not know.
struct MessageFields {
    enum Message {
        case request, content, part, blob, fileData, generationConfig, thinkingConfig, batch

        var names: Set<String> {
            switch self {
            case .request:
                [
                    "contents", "systemInstruction", "generationConfig", "safetySettings", "tools", "toolConfig",
                    "cachedContent", "model", "labels", "serviceTier", "store",
                ]
            case .content: ["parts", "role"]
            case .part:
                [
                    "text", "inlineData", "fileData", "thought", "thoughtSignature", "functionCall",
                    "functionResponse", "executableCode", "codeExecutionResult", "videoMetadata", "mediaResolution",
                ]
            case .blob: ["mimeType", "data"]
            case .fileData: ["mimeType", "fileUri"]
            case .batch: ["model", "name", "displayName", "inputConfig", "priority", "webhookConfig"]
            case .generationConfig:
                [
                    "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema",
                    "responseModalities", "candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed",
                    "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs",
                    "enableEnhancedCivicAnswers", "speechConfig", "thinkingConfig", "imageConfig", "mediaResolution",
                ]
            case .thinkingConfig: ["includeThoughts", "thinkingBudget", "thinkingLevel"]
            }
        }
    }

    let path: String
    private var values: [String: Any] = [:]

    init(_ document: [String: Any], at path: String, of message: Message) throws(GoogleFault) {
        self.path = path
        for (name, value) in document {
            let camel = Self.camelCase(name)
            guard message.names.contains(camel) else {
                let place = path.isEmpty ? "" : " at '\(path)'"
                throw .invalidArgument(
                    "Invalid JSON payload received. Unknown name \"\(name)\"\(place): Cannot find field.", field: path)
            }
            values[camel] = value
        }
    }

    subscript(name: String) -> Any? { values[name] }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
