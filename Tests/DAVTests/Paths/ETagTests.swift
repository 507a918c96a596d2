import DAV
import Foundation
import Testing

@Suite("Entity tags")
struct ETagTests {
    @Test(
        "all the ways to write one",
        arguments: [
            ("\"abc\"", "abc", false), ("W/\"abc\"", "abc", true), ("w/\"abc\"", "abc", true), ("abc", "abc", false),
            (" \"abc\"\n", "abc", false), ("\"a-gzip\"", "a-gzip", false), ("\"W/abc\"", "W/abc", false),
            ("W/abc", "abc", true),
            ("\"!#é~\"", "!#é~", false), ("''", "''", false),
        ])
    func forms(text: String, value: String, isWeak: Bool) throws {
        let tag = try #require(ETag(text))
        #expect(tag.value == value)
        #expect(tag.isWeak == isWeak)
        #expect(tag.headerValue == (isWeak ? "W/" : "") + "\"\(value)\"")
    }

    @Test(
        "what is no tag",
        arguments: [
            "", "\"\"", "W/\"\"", "W/", "\"", "\"abc", "abc\"", "a\"b", "\"a b\"", "\"a\r\nX: y\"", "\u{0}", "  ",
        ])
    func none(text: String) { #expect(ETag(text) == nil) }

    @Test("tags are compared without W/, and none equals none")
    func comparison() throws {
        let strong = try #require(ETag("\"a\""))
        let weak = try #require(ETag("W/\"a\""))
        #expect(strong.matches(weak) && weak.matches(strong) && strong.matches(strong))
        #expect(strong != weak)
        #expect(!strong.matches(ETag("\"b\"")))
        #expect(!strong.matches(nil))
    }

    @Test(
        "a download's ETag agrees with the listed one but for the suffix of a compressing server",
        arguments: [
            ("\"a\"", "\"a-gzip\"", true), ("W/\"a\"", "\"a;gzip\"", true), ("\"a\"", "W/\"a--gzip\"", true),
            ("\"a-br\"", "\"a\"", true), ("\"a\"", "\"b-gzip\"", false), ("\"a\"", "\"agzip\"", false),
            ("\"-gzip\"", "\"\"", false), ("\"a-gzip\"", "\"a-gzip\"", true),
        ])
    func agreement(listed: String, answered: String, agrees: Bool) throws {
        #expect(try #require(ETag(listed)).agrees(with: ETag(answered)) == agrees)
        #expect(try #require(ETag(listed)).agrees(with: nil) == false)
    }

    @Test("an ETag is final two seconds after the last modification, by the server's clock alone")
    func finality() {
        let written = Date(timeIntervalSince1970: 1_000)
        #expect(!ETag.isFinal(learned: written.addingTimeInterval(1), lastModified: written))
        #expect(ETag.isFinal(learned: written.addingTimeInterval(2), lastModified: written))
        #expect(!ETag.isFinal(learned: written.addingTimeInterval(-5), lastModified: written))
        #expect(
            ETag.isFinal(learned: written.addingTimeInterval(-86400), lastModified: written),
            "a time that somebody made up is no time of this second")
        #expect(
            !ETag.isFinal(learned: nil, lastModified: written) && !ETag.isFinal(learned: written, lastModified: nil))
    }
}
