extension GoogleFault {
    /// A malformed request.
    public static func invalidArgument(_ message: String, field: String? = nil) -> GoogleFault {
        var details: [[String: any Sendable]] = []
        if let field {
            details.append([
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [["field": field, "description": message]],
            ])
        }
        return GoogleFault(code: 400, status: "INVALID_ARGUMENT", message: message, details: details)
    }

    /// A key that is none.
    public static let invalidKey = GoogleFault(
        code: 400, status: "INVALID_ARGUMENT", message: "API key not valid. Please pass a valid API key.",
        details: [errorInfo("API_KEY_INVALID")])

    /// No key at all.
    public static let missingKey = GoogleFault(
        code: 403, status: "PERMISSION_DENIED",
        message: "Method doesn't allow unregistered callers (callers without established identity). Please use API "
            + "Key or other form of API consumer identity to call this API.")

    /// A key that was found published.
    public static let leakedKey = GoogleFault(
        code: 403, status: "PERMISSION_DENIED",
        message: "Your API key was reported as leaked. Please use another API key.")

    /// A project without the API or the right.
    public static func permissionDenied(_ message: String, reason: String) -> GoogleFault {
        GoogleFault(code: 403, status: "PERMISSION_DENIED", message: message, details: [errorInfo(reason)])
    }

    /// No such model or method.
    public static func notFound(_ message: String) -> GoogleFault {
        GoogleFault(code: 404, status: "NOT_FOUND", message: message)
    }

    /// A file that is not there, or another project's: Google does not tell which.
    public static func noSuchFile(_ name: String) -> GoogleFault {
        GoogleFault(
            code: 403, status: "PERMISSION_DENIED",
            message: "You do not have permission to access the File \(name.split(separator: "/").last ?? "") or it may "
                + "not exist.")
    }

    /// A server under load.
    public static func unavailable(retryAfter: String?) -> GoogleFault {
        GoogleFault(
            code: 503, status: "UNAVAILABLE",
            message: "The model is overloaded. Please try again later.", retryAfter: retryAfter)
    }

    /// A quota used up.
    ///
    /// - Parameter retryDelay: As Google writes a duration: "34s", "12.5s".
    public static func quotaExceeded(
        quotaIDs: [String], limit: Int, model: String, retryDelay: String?
    ) -> GoogleFault {
        let metric = "generativelanguage.googleapis.com/generate_requests_per_model"
        let violations: [[String: any Sendable]] = quotaIDs.map {
            [
                "quotaMetric": metric, "quotaId": $0, "quotaValue": String(limit),
                "quotaDimensions": ["location": "global", "model": model],
            ]
        }
        var details: [[String: any Sendable]] = [
            ["@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations],
            [
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [
                    [
                        "description": "Learn more about Gemini API quotas",
                        "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
                    ]
                ],
            ],
        ]
        if let retryDelay {
            details.append(["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retryDelay])
        }
        return GoogleFault(
            code: 429, status: "RESOURCE_EXHAUSTED",
            message: "You exceeded your current quota, please check your plan and billing details. For more "
                + "information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor "
                + "your current usage, head to: https://ai.dev/usage?tab=rate-limit.\n"
                + "* Quota exceeded for metric: \(metric), limit: \(limit), model: \(model)",
            details: details)
    }

    private static func errorInfo(_ reason: String) -> [String: any Sendable] {
        [
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com",
            "metadata": ["service": "generativelanguage.googleapis.com"],
        ]
    }
}
