import Foundation
import HTTPTypes

/// The proxies that libcurl uses, as far as their names have to be told when one of them fails.
///
/// libcurl itself decides whether one is used (`NO_PROXY` excepts hosts): who failed is known by its words alone.
struct ProxySettings: Sendable {
    private let configured: String?
    private let environment: [String: String]

    init(configured: String?, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.configured = configured
        self.environment = environment
    }

    /// Host and port of the proxy that a request may go through, without user and password.
    func proxy(for request: HTTPRequest) -> String? {
        // HTTP_PROXY in capitals is what a CGI program's environment holds of a request's header: libcurl ignores it.
        let names = request.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        let setting = configured ?? (names + ["all_proxy", "ALL_PROXY"]).compactMap { environment[$0] }.first
        guard var rest = setting?[...], !rest.isEmpty else { return nil }
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        return rest.isEmpty ? nil : String(rest)
    }
}
