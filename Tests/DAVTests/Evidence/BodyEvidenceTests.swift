import HTTPTypes
import Testing

@testable import DAV

@Suite("Whether a body is the file that was listed")
struct BodyEvidenceTests {
    private static let page = "<!DOCTYPE html><html><head><title>Log in</title></head>"

    private func evidence(
        _ body: String = "picture", length: Int? = nil, etag: String? = nil, ocETag: String? = nil,
        type: String? = nil, encoding: String? = nil
    ) -> BodyEvidence {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.eTag] = etag
        if let name = HTTPField.Name("OC-ETag") { head.headerFields[name] = ocETag }
        head.headerFields[.contentType] = type
        head.headerFields[.contentEncoding] = encoding
        return BodyEvidence(head, length: length ?? body.utf8.count, beginning: Array(body.utf8))
    }

    private let listed = BodyExpectation(length: 7, etag: ETag("\"a\""))

    @Test(
        "length and ETag or OC-ETag as listed make it the file",
        arguments: [
            ("\"a\"", nil), ("W/\"a\"", nil), ("\"a-gzip\"", nil), ("\"x\"", "\"a\""), (nil, "\"a\""), (nil, nil),
        ] as [(String?, String?)])
    func believed(etag: String?, ocETag: String?) {
        #expect(evidence(etag: etag, ocETag: ocETag).refusal(listed) == nil)
    }

    @Test("a web page is none, whatever its length, unless its ETag says that it is the file")
    func webPage() {
        let page = UnexpectedBody.webPage(bytes: 55, title: "Log in")
        #expect(evidence(Self.page).refusal(listed) == page)
        #expect(evidence(Self.page, etag: "\"x\"").refusal(BodyExpectation(length: 55, etag: ETag("\"a\""))) == page)
        #expect(evidence(Self.page).refusal(.unknown) == page)
        #expect(evidence(Self.page, etag: "\"a\"").refusal(BodyExpectation(length: 55, etag: ETag("\"a\""))) == nil)
        #expect(evidence(Self.page).refusal(BodyExpectation(allowsHTML: true)) == nil)
        let piece = evidence("<div>Log in</div>", type: "text/html; charset=utf-8")
        #expect(piece.refusal(.unknown) == .webPage(bytes: 17, title: nil))
    }

    @Test("PHP's name for a type that it does not know makes no picture a web page")
    func unknownType() {
        #expect(evidence("\u{FF}picture", type: "text/html; charset=UTF-8").refusal(.unknown) == nil)
        #expect(evidence("{\"a\": 1}", type: "text/html").refusal(BodyExpectation(length: 8)) == nil)
    }

    @Test("another length is told as what it is, also with the right ETag")
    func lengths() {
        let expected = BodyExpectation(length: 6_000, etag: ETag("\"a\""))
        #expect(evidence(length: 3_000, etag: "\"a\"").refusal(expected) == .incomplete(bytes: 3_000, of: 6_000))
        #expect(evidence("", length: 0).refusal(expected) == .incomplete(bytes: 0, of: 6_000))
        #expect(evidence(length: 6_001).refusal(expected) == .longer(bytes: 6_001, than: 6_000))
        #expect(evidence(length: 99, encoding: "gzip").refusal(expected) == .encoded("gzip", bytes: 99))
        #expect(
            "\(UnexpectedBody.incomplete(bytes: 3_000, of: 6_000))" == "half of it: 3000 of 6000 bytes")
        #expect("\(UnexpectedBody.incomplete(bytes: 0, of: 6_000))" == "nothing: 0 of 6000 bytes")
    }

    @Test("another ETag is another version, unless the caller takes it and looks at the content")
    func otherVersion() throws {
        let other = try #require(ETag("\"x\""))
        let refusal = evidence(etag: "\"x\"").refusal(listed)
        #expect(refusal == .otherVersion(listed: try #require(listed.etag), answered: other))
        var tolerant = listed
        tolerant.refusesOtherETag = false
        let evidence = evidence(etag: "\"x\"")
        #expect(evidence.refusal(tolerant) == nil && evidence.agreement(with: tolerant) == .differs)
    }

    @Test("the ETag used is the listed one where one agrees, else OC-ETag, which no proxy changes")
    func usedETag() {
        #expect(evidence(etag: "\"a\"", ocETag: "\"x\"").usedETag(listed) == (ETag("\"a\""), false))
        #expect(evidence(etag: "\"x\"", ocETag: "\"a\"").usedETag(listed) == (ETag("\"a\""), true))
        #expect(evidence(etag: "\"x\"", ocETag: "\"y\"").usedETag(listed) == (ETag("\"y\""), true))
        #expect(evidence(etag: "\"x\"").usedETag(.unknown) == (ETag("\"x\""), false))
        #expect(evidence().usedETag(listed) == (nil, false))
    }
}
