/// An error as Google's APIs write it: `{"error": {code, message, status, details}}` (AIP-193).
public struct GoogleFault: Error, Sendable {
    /// The HTTP status.
    public var code: Int
    /// The name of gRPC's code: `INVALID_ARGUMENT`.
    public var status: String
    /// The sentence for people.
    public var message: String
    /// The `details`, each with its `@type`.
    public var details: [[String: any Sendable]]
    /// The `Retry-After` header, if any.
    public var retryAfter: String?
    /// `type`, `code` and `param` where it is written in OpenAI's form.
    var chat: [String: any Sendable]?

    /// An error without details unless some are given.
    public init(
        code: Int, status: String, message: String, details: [[String: any Sendable]] = [], retryAfter: String? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    var document: [String: any Sendable] {
        var error: [String: any Sendable] = ["code": code, "message": message, "status": status]
        if !details.isEmpty { error["details"] = details }
        return ["error": error]
    }
}
