import Testing

@testable import NidsSync

@Suite("Patterns of paths")
struct GlobTests {
    @Test(
        "a pattern means these paths",
        arguments: [
            ("jpeg/**", "jpeg/fiche.jpg"), ("jpeg/**", "jpeg/TRI_ANCIEN/FUSION_FULL/fiche 25FINAL.jpg"),
            ("**/*.jpg", "fiche.jpg"), ("**/*.jpg", "a/b/c/fiche.jpg"), ("**", "a"), ("**", "a/b"),
            ("a/**/z", "a/z"), ("a/**/z", "a/b/z"), ("a/**/z", "a/b/c/z/z"), ("a/**/b/**/c", "a/x/b/y/b/z/c"),
            ("*", "fiche.jpg"), ("fiche*", "fiche"), ("*FINAL*", "fiche 25FINAL.jpg"), ("*a*b*c", "xxaxxbxxbcxc"),
            ("fiche ?.jpg", "fiche 1.jpg"), ("/jpeg/**/", "jpeg/fiche.jpg"), ("jpeg//x", "jpeg/x"),
            ("[x]", "[x]"), ("a.b", "a.b"), ("***", "abc"),
        ])
    func matching(pattern: String, path: String) {
        #expect(Glob(pattern).matches(Array(path.utf8)))
    }

    @Test(
        "a pattern does not mean those paths",
        arguments: [
            ("jpeg/*", "jpeg/a/b"), ("jpeg/**", "pdf/fiche.jpg"), ("jpeg/**", "JPEG/fiche.jpg"),
            ("jpeg/**", "jpegs/fiche.jpg"), ("*.jpg", "a/fiche.jpg"), ("a/**/z", "a/b"), ("fiche ?.jpg", "fiche .jpg"),
            ("fiche ?.jpg", "fiche 12.jpg"), ("?", "a/b"), ("a.b", "axb"), ("", "a"), ("jpeg", "jpeg/a"),
            ("a/**/b/**/c", "a/x/c/y/b"),
        ])
    func notMatching(pattern: String, path: String) {
        #expect(!Glob(pattern).matches(Array(path.utf8)))
    }

    @Test("a question mark stands for a letter, however many bytes that takes")
    func letters() {
        #expect(Glob("?t?").matches(Array("été".utf8)))
        #expect(Glob("nid ?").matches(Array("nid 🪺".utf8)))
        #expect(!Glob("??").matches(Array("é".utf8)))
        #expect(Glob("*?.jpg").matches(Array("é.jpg".utf8)))
    }

    @Test("a pattern that ends in a slash means everything in that folder")
    func folder() {
        #expect(Glob("jpeg/").matches(Array("jpeg/a/fiche.jpg".utf8)))
        #expect(!Glob("jpeg/").matches(Array("pdf/fiche.jpg".utf8)))
    }

    @Test("names that are not UTF-8 match by their bytes")
    func invalidNames() {
        #expect(Glob("jpeg/**").matches(Array("jpeg/".utf8) + [0xFF, 0xFE]))
        #expect(Glob("*.jpg").matches([0xC3] + Array(".jpg".utf8)))
        #expect(!Glob("a?").matches([0x61]))
    }

    @Test("many stars against a long path that nearly fits take no time", .timeLimit(.minutes(5)))
    func hostileSegments() {
        let path = Array(repeating: "a", count: 400).joined(separator: "/") + "/c"
        let pattern = String(repeating: "**/a/", count: 30) + "b"
        let clock = ContinuousClock()
        var matched = true
        let time = clock.measure { matched = Glob(pattern).matches(Array(path.utf8)) }
        #expect(!matched)
        #expect(time < .seconds(2))
    }

    @Test("many stars within one long name that nearly fits take no time", .timeLimit(.minutes(5)))
    func hostileName() {
        let name = Array(String(repeating: "a", count: 4000).utf8)
        var matched = true
        let time = ContinuousClock().measure {
            matched = Glob(String(repeating: "*a", count: 60) + "b").matches(name)
        }
        #expect(!matched)
        #expect(time < .seconds(2))
    }
}
