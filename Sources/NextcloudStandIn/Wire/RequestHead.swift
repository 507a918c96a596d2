/// The first line and the fields of a request (RFC 9112, sections 3 and 5).
struct RequestHead: Sendable {
    let method: String
    /// Percent-encoded, without the query.
    let rawPath: String
    let query: String
    let isHTTP10: Bool
    private(set) var headers = HeaderFields()

    private init(firstLine: String) throws(WireError) {
        let parts = firstLine.split(separator: " ")
        guard parts.count == 3, parts[2].hasPrefix("HTTP/1.") else { throw .malformed("not a request of HTTP/1.1") }
        method = String(parts[0])
        isHTTP10 = parts[2] == "HTTP/1.0"
        let target = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = Self.path(of: target.first ?? "")
        query = target.count > 1 ? String(target[1]) : ""
    }

    /// The next request of a connection; nil where it ended between two of them.
    ///
    /// - Throws: ``WireError``, `SocketError`, `CancellationError`.
    static func read(from reader: SocketReader) async throws -> RequestHead? {
        var first = try await reader.line()
        // Some clients end a body with a line too many (RFC 9112, section 2.2).
        if first?.isEmpty == true { first = try await reader.line() }
        guard let first else { return nil }
        var head = try RequestHead(firstLine: first)
        while true {
            guard let line = try await reader.line() else { throw WireError.ended }
            if line.isEmpty { return head }
            guard let colon = line.firstIndex(of: ":") else { throw WireError.malformed("a field without a colon") }
            let value = line[line.index(after: colon)...]
            head.headers.append(String(line[..<colon]), trimmed(value))
        }
    }

    /// True where the connection stays for a next request (RFC 9112, section 9.3).
    var keepsConnection: Bool {
        isHTTP10 ? headers.lists("keep-alive", in: "Connection") : !headers.lists("close", in: "Connection")
    }

    /// The path of a target that may be a whole URL, as proxies send it.
    private static func path(of target: Substring) -> String {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return String(target) }
        let rest = target[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }

    private static func trimmed(_ value: Substring) -> String {
        let start = value.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
