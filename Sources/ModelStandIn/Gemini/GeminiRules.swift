/// Keys and models, as Google's API knows them.
struct GeminiRules {
    private let configuration: StandInConfiguration

    init(_ configuration: StandInConfiguration) { self.configuration = configuration }

    func check(key: String?) throws(GoogleFault) {
        guard let key else { throw .missingKey }
        guard configuration.apiKeys.isEmpty || configuration.apiKeys.contains(key) else { throw .invalidKey }
    }

    func check(model name: String) throws(GoogleFault) {
        guard configuration.models.contains(name) else {
            throw .notFound(
                "models/\(name) is not found for API version v1beta, or is not supported for generateContent. "
                    + "Call ListModels to see the list of available models and their supported methods.")
        }
    }

    static func describe(_ model: String) -> [String: any Sendable] {
        [
            "name": "models/\(model)", "version": "001", "displayName": model, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent", "countTokens"],
        ]
    }
}
