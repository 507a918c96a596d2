import HTTPTypes
import Testing

@testable import DAV
@testable import HTTP

/// Answers to the first questions that a server may be asked, which need not be answers at all.
@Suite("Answers of servers that are none", .timeLimit(.minutes(2)))
struct ForeignAnswerTests {
    private func page(_ body: String) -> StatusPage {
        StatusPage(
            HTTPReply(
                head: HTTPResponse(status: .ok, headerFields: [.contentType: "application/json"]),
                body: Array(body.utf8), url: "https://c/status.php"), base: "https://c")
    }

    @Test("a status page full of braces takes no longer than its bytes")
    func braces() {
        for piece in [#"{"a":["#, #"{"":"#, "{", #"{"a":1,"#, #"[{"x":"#] {
            let body = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
            let duration = ContinuousClock().measure { #expect(!page(body).isNextcloud) }
            #expect(duration < .seconds(5), "\(piece)")
        }
    }

    @Test("a status page is found behind what stands before it, however much that is")
    func before() {
        let answer = #"{"installed":true,"maintenance":false,"version":"34.0.1.2"}"#
        let warning = "<br />\n<b>Warning</b>: Undefined {index} in /x.php on line 3<br />\n"
        let found = page(String(repeating: warning, count: 2000) + answer)
        #expect(found.isNextcloud && found.version == "34.0.1.2")
        #expect(found.disturbance != nil)
    }

    @Test("a user's id is a text or a number, and nothing else")
    func userID() {
        #expect(ServerProbe.userID(Array(#"{"ocs":{"data":{"id":"anne"}}}"#.utf8)) == "anne")
        #expect(ServerProbe.userID(Array(#"{"ocs":{"data":{"id":4711}}}"#.utf8)) == "4711")
        for none in [#"{"ocs":{"data":{"id":""}}}"#, #"{"ocs":{"data":{"id":1e400}}}"#, #"{"ocs":[]}"#, "{", ""] {
            #expect(ServerProbe.userID(Array(none.utf8)) == nil, "\(none)")
        }
    }
}
