/// An answer on its way from a handler to the connection.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: Body
    /// True for one that comes from something else than Nextcloud: no session goes with it.
    var isForeign = false

    enum Body: Sendable {
        case bytes([UInt8])
        case file(FileSource)
        case listing(Listing)
    }

    init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of the DAV side without a body.
    static func empty(_ status: Int, _ headers: [(name: String, value: String)] = []) -> Answer {
        Answer(status, [("Content-Type", "text/html; charset=UTF-8")] + headers)
    }

    static func xml(_ status: Int, _ bytes: [UInt8], _ headers: [(name: String, value: String)] = []) -> Answer {
        Answer(status, [("Content-Type", "application/xml; charset=utf-8")] + headers, body: .bytes(bytes))
    }

    /// A JSON answer outside DAV, with the headers that Nextcloud gives those.
    static func json(_ status: Int, _ text: String, _ headers: [(name: String, value: String)] = []) -> Answer {
        Answer(
            status,
            [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Cache-Control", "no-cache, no-store, must-revalidate"),
                ("X-Request-Id", Identifiers.token(20)), ("X-Robots-Tag", "noindex, nofollow"),
            ] + headers, body: .bytes(Array(text.utf8)))
    }

    static func error(_ error: DAVError) -> Answer {
        xml(error.status, error.document, error.headers.map { (name: $0.key, value: $0.value) })
    }
}
