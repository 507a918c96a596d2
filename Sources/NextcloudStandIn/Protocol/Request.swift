/// A request as the handlers see it.
struct Request {
    let head: RequestHead
    let body: RequestBody

    var method: String { head.method }
    /// As it came.
    var rawPath: String { head.rawPath }

    subscript(header: String) -> String? { head.headers[header] }

    /// The path and query, decoded, for faults to match.
    var readablePath: String {
        (PercentEncoding.decoded(rawPath) ?? rawPath) + (head.query.isEmpty ? "" : "?" + head.query)
    }

    /// The request for the record, without what is secret.
    var recorded: RecordedRequest {
        var plain: [String: String] = [:]
        for (name, value) in head.headers.fields {
            let name = name.lowercased()
            if name != "authorization", name != "cookie" { plain[name] = value }
        }
        return RecordedRequest(
            method: method, path: rawPath + (head.query.isEmpty ? "" : "?" + head.query), depth: self["Depth"],
            headers: plain, sentSessionCookie: false)
    }
}
