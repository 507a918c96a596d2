import Foundation
import NextcloudStandIn

/// Checks that the program writes nowhere but in its own folder, and never without a condition.
struct RequestAudit {
    private var placed: [String: Int] = [:]

    /// Looks at the requests since the last look, and forgets them.
    mutating func look(at cloud: NextcloudStandIn) -> [String] {
        defer { cloud.resetRequests() }
        return cloud.requests.compactMap { verdict($0) }
    }

    private mutating func verdict(_ request: RecordedRequest) -> String? {
        guard !["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "SEARCH"].contains(request.method) else { return nil }
        let path = request.path.removingPercentEncoding ?? request.path
        let words = "\(request.method) \(path)"
        guard path.contains("/robin/\(Surroundings.results)") else { return "written outside our folder: \(words)" }
        switch request.method {
        case "MKCOL": return nil
        case "PUT":
            guard request.headers["if-none-match"] != nil || request.headers["if-match"] != nil else {
                return "without a condition: \(words)"
            }
            if let status = request.status, (200..<300).contains(status) {
                placed[path, default: 0] += 1
                if placed[path, default: 0] > 1, request.headers["if-none-match"] == "*" {
                    return "put as new a second time: \(words)"
                }
            }
            return nil
        default: return "never asked for by anybody: \(words)"
        }
    }
}
