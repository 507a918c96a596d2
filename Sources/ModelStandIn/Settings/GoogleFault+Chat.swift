import Foundation

extension GoogleFault {
    /// An error in OpenAI's form: `{"error": {message, type, param, code}}`.
    public static func chat(
        _ status: Int, _ message: String, type: String = "invalid_request_error", code: String? = nil,
        param: String? = nil, retryAfter: String? = nil
    ) -> GoogleFault {
        var fault = GoogleFault(code: status, status: "", message: message, retryAfter: retryAfter)
        fault.chat = ["type": type, "code": code ?? NSNull(), "param": param ?? NSNull()]
        return fault
    }

    /// An error in OpenAI's form, Google's own too.
    var chatDocument: [String: any Sendable] {
        var error: [String: any Sendable] =
            chat ?? [
                "type": code >= 500 ? "server_error" : code == 429 ? "requests" : "invalid_request_error",
                "code": NSNull(), "param": NSNull(),
            ]
        error["message"] = message
        return ["error": error]
    }
}
