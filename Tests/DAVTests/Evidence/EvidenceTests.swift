import HTTPTypes
import Testing

@testable import DAV

@Suite("What an answer proves")
struct EvidenceTests {
    private static let page = "<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>"

    private static func sabre(_ exception: String, _ message: String = "words") -> String {
        """
        <?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">\
        <s:exception>\(exception)</s:exception><s:message>\(message)</s:message></d:error>
        """
    }

    private func judge(_ status: Int, _ body: String, isNextcloud: Bool, server: String? = nil) -> Evidence {
        var head = HTTPResponse(status: .init(code: status))
        head.headerFields[.server] = server
        let bytes = Array(body.utf8)
        return Evidence(head, ServerFault(bytes), body: bytes, isNextcloud: isNextcloud)
    }

    @Test("an absence is proven by the server's own error document alone", arguments: [404, 410])
    func absence(status: Int) {
        let own = Self.sabre("Sabre\\DAV\\Exception\\NotFound")
        #expect(judge(status, own, isNextcloud: true).proof == .absence)
        #expect(judge(status, own, isNextcloud: false).proof == .absence)
        #expect(judge(status, "\n" + own, isNextcloud: true).proof == .absence)
        for foreign in ["", Self.page, "404 page not found\n", "{}", "<d:error", "<d:error xmlns:d=\"DAV:\"/>"] {
            #expect(judge(status, foreign, isNextcloud: true).proof == .nothing)
            #expect(judge(status, foreign, isNextcloud: false).proof == .claimedAbsence)
        }
    }

    @Test(
        "a fault of the moment proves nothing, whoever answers", arguments: [408, 425, 429, 500, 502, 503, 504, 599])
    func passing(status: Int) {
        for body in [Self.sabre("Sabre\\DAV\\Exception\\ServiceUnavailable"), Self.page, ""] {
            #expect(judge(status, body, isNextcloud: true).proof == .nothing)
            #expect(judge(status, body, isNextcloud: false).proof == .nothing)
        }
    }

    @Test(
        "what the server itself says of a resource is an answer",
        arguments: [400, 401, 403, 405, 409, 412, 415, 423, 507])
    func answers(status: Int) {
        #expect(judge(status, Self.sabre("Sabre\\DAV\\Exception\\X"), isNextcloud: true).proof == .answer)
        #expect(judge(status, Self.page, isNextcloud: true).proof == .nothing)
        #expect(judge(status, Self.page, isNextcloud: false).proof == .answer)
    }

    @Test("a rule that Nextcloud answers with 500 is an answer, and a limit of size is one whoever sets it")
    func rules() {
        #expect(judge(500, Self.sabre("OCP\\Files\\ForbiddenException"), isNextcloud: true).proof == .answer)
        for status in [413, 414, 431] { #expect(judge(status, Self.page, isNextcloud: true).proof == .answer) }
    }

    @Test("whoever answered is named")
    func answerers() {
        let own = Self.sabre("Sabre\\DAV\\Exception\\NotFound")
        #expect(judge(404, own, isNextcloud: true).answerer == .nextcloud)
        #expect(judge(404, own, isNextcloud: false).answerer == .webDAV)
        #expect(judge(503, Self.sabre("OCA\\DAV\\X"), isNextcloud: false).answerer == .nextcloud)
        #expect(judge(404, Self.page, isNextcloud: true).answerer == .webPage(title: "404 Not Found"))
        #expect(judge(404, Self.page, isNextcloud: false).answerer == .webDAV)
        #expect(judge(404, "no", isNextcloud: true, server: "nginx/1.2 (x)").answerer == .gateway(name: "nginx/1.2"))
        #expect(judge(504, "", isNextcloud: false).answerer == .gateway(name: nil))
        #expect(judge(407, Self.page, isNextcloud: true).answerer == .proxy)
    }

    @Test("a server's name goes into words without what may harm a terminal")
    func names() {
        let judged = judge(404, "", isNextcloud: true, server: "a\u{1B}[31m" + String(repeating: "b", count: 100))
        #expect(judged.answerer == .gateway(name: "a"))
    }
}
