import HTTP
import HTTPTypes
import Testing

@testable import DAV

@Suite("Errors of answers")
struct DAVErrorTests {
    private func error(_ status: Int, _ headers: HTTPFields = [:], body: String = "") -> DAVError {
        DAVError(
            HTTPResponse(status: .init(code: status), headerFields: headers), body: Array(body.utf8), path: "a/b.jpg")
    }

    @Test(
        "each status has its kind, and is final or not",
        arguments: [
            (400, DAVError.Kind.rejected, false), (401, .unauthorized, false), (403, .forbidden, false),
            (404, .notFound, false),
            (405, .notAllowed, false), (408, .serverFailure, true), (409, .conflict, false),
            (412, .preconditionFailed, false),
            (413, .rejected, false), (415, .rejected, false), (423, .locked, true), (425, .serverFailure, true),
            (429, .tooManyRequests, true), (500, .serverFailure, true), (502, .serverFailure, true),
            (503, .serverFailure, true),
            (504, .serverFailure, true), (507, .insufficientStorage, false), (599, .serverFailure, true),
            (200, .malformed, true),
            (206, .malformed, true), (304, .malformed, true),
        ])
    func statuses(status: Int, kind: DAVError.Kind, isRetryable: Bool) {
        let error = error(status)
        #expect(error.kind == kind)
        #expect(error.isRetryable == isRetryable)
        #expect(error.status == status)
        #expect(error.path == "a/b.jpg")
        #expect(error.detail.isEmpty == false)
    }

    @Test("a redirect says where to, without what may be secret")
    func redirect() {
        let error = error(301, [.location: "https://user:hunter2@host/x?hunter2#hunter2"])
        #expect(error.kind == .redirected(to: "https://host/x"))
        #expect(!"\(error)".contains("hunter2"))
        #expect(error.concernsServer && !error.isRetryable)
        #expect(self.error(302, [.location: "https://login.example/"]).isRetryable)
    }

    @Test("the server's words are one line of bearable length, without control characters")
    func words() {
        let long = String(repeating: "very ", count: 20_000)
        let error = error(
            400,
            body: "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:exception>A\nB</s:exception>"
                + "<s:message>\n first \t line&#13;\n\u{85}\u{9B}31mERROR second \(long)</s:message></d:error>")
        #expect(error.detail.hasPrefix("first line 31mERROR second very"))
        #expect(error.detail.utf8.count <= 400)
        #expect(error.exception == "A B")
    }

    @Test(
        "a body that is no error document gives our own words",
        arguments: [
            "", "<html><body>Bad <b>gateway</b></body></html>", "<d:error", "plain", "\0\u{FFFD}",
            "<!DOCTYPE x [<!ENTITY e \"x\">]><d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:message>&e;</s:message></d:error>",
        ])
    func noDocument(body: String) {
        #expect(error(500, body: body).detail == "the server answers 500")
    }

    @Test("a refused login is said in our words, whatever the server's authentication layers say")
    func login() {
        let body =
            "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:message>No public access</s:message></d:error>"
        #expect(error(401, body: body).detail == "the server refuses this login or password")
    }

    @Test(
        "what the server asks us to wait",
        arguments: [
            ("120", nil, Duration.seconds(120)), ("0", nil, .zero), ("-1", nil, nil), ("soon", nil, nil),
            ("", nil, nil),
            ("9999999999", nil, .seconds(86_400)), ("99999999999999999999999", nil, nil),
            ("Sun, 22 Nov 2026 12:02:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .seconds(120)),
            // The server's clock may be years off: only the difference counts.
            ("Fri, 01 Jan 1999 00:00:30 GMT", "Fri, 01 Jan 1999 00:00:00 GMT", .seconds(30)),
            ("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", .zero),
            ("Sun, 22 Nov 2026 12:02:00 GMT", nil, nil), ("Sun, 22 Nov 2026 12:02:00 GMT", "yesterday", nil),
        ] as [(String, String?, Duration?)])
    func retryAfter(text: String, date: String?, wait: Duration?) {
        var headers: HTTPFields = [.retryAfter: text]
        headers[.date] = date
        #expect(error(503, headers).retryAfter == wait)
    }

    @Test(
        "of a lost exchange it is known whether trying again can help, and whether others will meet it too",
        arguments: [
            (HTTPError.cannotConnect(host: "h", reason: "r"), true, true), (.unknownHost(host: "h"), true, true),
            (.connectionLost(host: "h", reason: "r", requestSent: true), true, false),
            (.stalled(host: "h", after: .seconds(1), requestSent: true), true, false),
            (.tls(host: "h", reason: "r"), false, true), (.tooLarge(limit: 1), false, false),
            (.file(path: "/x", reason: "r"), false, false), (.invalidRequest(reason: "r"), false, false),
        ])
    func transport(error: HTTPError, isRetryable: Bool, concernsServer: Bool) {
        let error = DAVError(error, path: "a")
        #expect(error.isRetryable == isRetryable)
        #expect(error.concernsServer == concernsServer)
    }

    @Test("an error says what was done with which file, who answered and what to do")
    func sentences() {
        func said(_ status: Int, _ body: String, _ method: HTTPRequest.Method, path: String = "a/b.json") -> String {
            let head = HTTPResponse(status: .init(code: status))
            return DAVError(head, body: Array(body.utf8), path: path, method, isNextcloud: true).description
        }
        func sabre(_ exception: String, _ message: String) -> String {
            "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:exception>\(exception)</s:exception>"
                + "<s:message>\(message)</s:message></d:error>"
        }
        let large = said(413, "<html><title>413 Request Entity Too Large</title></html>", .put)
        #expect(
            large.hasPrefix("writing \u{201C}a/b.json\u{201D}: a web page") && large.contains("client_max_body_size"))
        let locked = said(423, sabre("Sabre\\DAV\\Exception\\Locked", ""), .put)
        #expect(locked.contains("somebody has it open or locked"))
        for (status, exception) in [
            (400, "OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath"), (403, "OCP\\Files\\InvalidPathException"),
            (409, "OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath"),
        ] {
            let name = said(status, sabre(exception, "\"con\" is a forbidden file or folder name."), .put)
            #expect(name.contains("forbidden") && name.contains("rename the scan"))
        }
        let disabled = said(503, sabre("Sabre\\X", "OC\\User\\DisabledUserException: Account disabled"), .get)
        #expect(
            disabled == "reading \u{201C}a/b.json\u{201D}: the account is disabled in Nextcloud. Ask Nextcloud's "
                + "administrator to enable the account")
        let dot = said(403, "<html>Forbidden</html>", .put, path: "results/.nids-sync.json")
        #expect(dot.contains("names that begin with a dot"))
        let full = said(507, sabre("Sabre\\DAV\\Exception\\InsufficientStorage", "Insufficient space"), .put)
        #expect(full.contains("Make room"))
        let denied = said(403, sabre("Sabre\\DAV\\Exception\\Forbidden", ""), .put)
        #expect(denied.contains("this account may not do that there") && denied.contains("right"))
    }

    @Test("what somebody in front of Nextcloud refuses may pass; what Nextcloud refuses does not")
    func foreignRefusals() {
        for status in [400, 403, 404, 405, 409] {
            let head = HTTPResponse(status: .init(code: status))
            let foreign = DAVError(head, body: Array("<html>No</html>".utf8), path: "a", .get, isNextcloud: true)
            #expect(foreign.isRetryable && foreign.answeredBy == "a web page")
            let own = "<d:error xmlns:d='DAV:' xmlns:s='http://sabredav.org/ns'><s:exception>X</s:exception></d:error>"
            #expect(!DAVError(head, body: Array(own.utf8), path: "a", .get, isNextcloud: true).isRetryable)
        }
        let large = DAVError(HTTPResponse(status: .init(code: 413)), body: [], path: "a", .put, isNextcloud: true)
        #expect(!large.isRetryable)
    }

    @Test("a short wait that the server asks for is told as it is", arguments: [0, 1])
    func shortWait(seconds: Int) {
        #expect(error(503, [.retryAfter: "\(seconds)"]).retryAfter == .seconds(seconds))
    }

    @Test("too many open files are no fault of the file")
    func openFiles() {
        #expect(DAVError(HTTPError.file(path: "/spool/x", reason: HTTPError.tooManyOpenFiles), path: "a").isRetryable)
    }
}
