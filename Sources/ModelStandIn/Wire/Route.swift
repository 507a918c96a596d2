import Foundation

/// Where a request goes.
enum Route {
    case models
    case model(String)
    case generateContent(String)
    case createBatch(String)
    case startUpload
    case continueUpload(String)
    case files
    case file(String)
    case deleteFile(String)
    case download(String)
    case batches
    case batch(String)
    case cancelBatch(String)
    case deleteBatch(String)
    case chatModels
    case chatModel(String)
    case chat
    case unknown

    /// - Parameters:
    ///   - isGoogles: Whether Google's key came with it: both protocols have a `/v1/models`.
    init(method: String, path: String, uploadID: String?, isGoogles: Bool) {
        var parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        var isUpload = false
        if let first = parts.first, first == "upload" || first == "download" || first == "resumable" {
            isUpload = first != "download"
            parts.removeFirst()
            if parts.first == "upload" { parts.removeFirst() }
        }
        guard let version = parts.first, parts.count >= 2 else {
            self = .unknown
            return
        }
        let (name, action) = Self.action(parts.count > 2 ? parts[2] : "")
        switch (method, parts[1], parts.count, action) {
        case ("POST", "files", 2, _) where isUpload: self = uploadID.map(Route.continueUpload) ?? .startUpload
        case ("GET", "files", 2, _): self = .files
        case ("GET", "files", 3, nil): self = .file("files/" + name)
        case ("GET", "files", 3, "download"): self = .download("files/" + name)
        case ("DELETE", "files", 3, nil): self = .deleteFile("files/" + name)
        case ("GET", "batches", 2, _): self = .batches
        case ("GET", "batches", 3, nil): self = .batch("batches/" + name)
        case ("POST", "batches", 3, "cancel"): self = .cancelBatch("batches/" + name)
        case ("DELETE", "batches", 3, nil): self = .deleteBatch("batches/" + name)
        case ("POST", "models", 3, "generateContent"): self = .generateContent(name)
        case ("POST", "models", 3, "batchGenerateContent"): self = .createBatch(name)
        case ("POST", "chat", 3, nil) where version == "v1" && name == "completions": self = .chat
        case ("GET", "models", 2, _): self = version == "v1" && !isGoogles ? .chatModels : .models
        case ("GET", "models", 3, nil): self = version == "v1" && !isGoogles ? .chatModel(name) : .model(name)
        default: self = .unknown
        }
    }

    /// Whose errors are spoken here.
    var api: ModelAPI {
        switch self {
        case .chat, .chatModels, .chatModel: .openAI
        default: .gemini
        }
    }

    private static func action(_ text: String) -> (String, String?) {
        guard let colon = text.lastIndex(of: ":"), !text[text.index(after: colon)...].contains(".") else {
            return (text, nil)
        }
        let action = String(text[text.index(after: colon)...])
        let known = ["generateContent", "batchGenerateContent", "cancel", "download", "countTokens"]
        // Ollama's names of models have colons: `qwen3-vl:8b`.
        return known.contains(action) ? (String(text[..<colon]), action) : (text, nil)
    }
}
