import Foundation

extension GoogleFault {
    /// A quota that is used up, as OpenAI says it.
    static func chatQuota(_ exceeded: Quotas.Exceeded, model: String) -> GoogleFault {
        let unit = exceeded.isDaily ? "requests per day (RPD)" : "requests per min (RPM)"
        let wait = String(format: "%.3f", exceeded.wait)
        return .chat(
            429,
            "Rate limit reached for \(model) on \(unit): Limit \(exceeded.limit), Used \(exceeded.limit), "
                + "Requested 1. Please try again in \(wait)s.", type: "requests", code: "rate_limit_exceeded",
            retryAfter: wait)
    }
}
