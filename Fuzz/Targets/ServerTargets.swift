import HTTPTypes

@testable import DAV
@testable import HTTP

/// What servers answer to everything but listings.
enum ServerTargets {
    private static let base = "https://cloud.example.org"
    private static let statuses = [200, 302, 400, 401, 403, 404, 412, 423, 500, 503]

    /// A status page, OCS's answer about a user, an error: the first byte tells the status.
    static func answers(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let body = Array(bytes.dropFirst())
        let status = statuses[Int(first) % statuses.count]
        let head = HTTPResponse(
            status: .init(code: status), headerFields: [.contentType: first < 128 ? "text/html" : "application/xml"])
        let page = StatusPage(HTTPReply(head: head, body: body, url: base + "/status.php"), base: base)
        precondition(page.isNextcloud == false || page.fault == nil)
        if let id = ServerProbe.userID(body) { precondition(!id.isEmpty) }
        _ = PrincipalReader.userID(in: body)
        _ = ForeignText(body)
        for isNextcloud in [true, false] {
            let error = DAVError(head, body: body, path: "a.jpg", .get, isNextcloud: isNextcloud)
            precondition("\(error)".utf8.count < 20_000)
        }
    }
}
