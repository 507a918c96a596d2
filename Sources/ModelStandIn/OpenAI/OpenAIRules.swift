/// Keys and models, as servers of OpenAI's protocol know them.
struct OpenAIRules {
    private let configuration: StandInConfiguration

    init(_ configuration: StandInConfiguration) { self.configuration = configuration }

    func check(bearer: String?) throws(GoogleFault) {
        guard !configuration.apiKeys.isEmpty else { return }
        guard let bearer, bearer.hasPrefix("Bearer ") else {
            throw .chat(401, "You didn't provide an API key.", type: "invalid_request_error")
        }
        guard configuration.apiKeys.contains(String(bearer.dropFirst(7))) else {
            throw .chat(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
    }

    func check(model name: String) throws(GoogleFault) {
        guard configuration.models.contains(name) else {
            throw .chat(
                404, "The model `\(name)` does not exist or you do not have access to it.", code: "model_not_found")
        }
    }

    static func describe(_ model: String) -> [String: any Sendable] {
        ["id": model, "object": "model", "created": 1_700_000_000, "owned_by": "stand-in"]
    }
}
