import Foundation

extension GoogleFault {
    /// A quota that is used up, as Google says it.
    static func quota(_ exceeded: Quotas.Exceeded, model: String) -> GoogleFault {
        // Google names a short delay for the quota of the day too, which is why the quota's id has to be looked at.
        .quotaExceeded(
            quotaIDs: [
                exceeded.isDaily
                    ? "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
                    : "GenerateRequestsPerMinutePerProjectPerModel"
            ], limit: exceeded.limit, model: model, retryDelay: "\(Self.seconds(exceeded.wait))s")
    }

    /// With nine digits at most, as Protocol Buffers' JSON form has them.
    private static func seconds(_ wait: Double) -> String {
        wait == wait.rounded() ? String(Int(wait)) : String(format: "%.9f", wait)
    }
}
