public import HTTPTypes

extension HTTPRequest {
    /// A request for a URL, whose path and query are sent byte by byte as they stand here.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - url: an absolute `http` or `https` URL, percent-encoded, without user and password.
    ///   - headers: the header fields.
    /// - Throws: `HTTPError.invalidRequest`.
    public init(_ method: Method, url: String, headers: HTTPFields = [:]) throws(HTTPError) {
        guard let separator = url.firstRange(of: "://") else {
            throw .invalidRequest(reason: "not an absolute URL")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw .invalidRequest(reason: "the scheme \"\(scheme)\" is not http or https")
        }
        let rest = url[separator.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.isEmpty else { throw .invalidRequest(reason: "the URL names no host") }
        guard !authority.contains("@") else {
            throw .invalidRequest(reason: "the URL holds a user name or password; give them apart")
        }
        var path = rest[end...].prefix { $0 != "#" }
        if !path.hasPrefix("/") { path = "/" + path }
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .invalidRequest(reason: "the URL holds characters that must be percent-encoded") }
        self.init(
            method: method, scheme: scheme, authority: String(authority), path: String(path), headerFields: headers)
    }

    /// The URL as it is sent.
    public var urlText: String { "\(scheme ?? "https")://\(authority ?? "")\(path ?? "/")" }

    /// Scheme, host and port: where credentials may go.
    var origin: String {
        let scheme = (scheme ?? "https").lowercased()
        let host = (authority ?? "").lowercased()
        let defaultPort = scheme == "https" ? ":443" : ":80"
        return scheme + "://" + (host.hasSuffix(defaultPort) ? String(host.dropLast(defaultPort.count)) : host)
    }
}
