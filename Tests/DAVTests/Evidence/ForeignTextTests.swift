import Testing

@testable import DAV

@Suite("What came instead of a document")
struct ForeignTextTests {
    @Test(
        "a web page is known by its beginning",
        arguments: [
            ("<!DOCTYPE html><html><title> Log\n in </title>", "Log in"), ("<html></html>", nil),
            ("\u{FEFF}\n<!-- x --><HTML><h1>Starting</h1>", "Starting"), ("<head><title></title>", nil),
            ("<title>Bad &amp; Gateway", "Bad &amp; Gateway"),
        ] as [(String, String?)])
    func pages(text: String, title: String?) {
        #expect(ForeignText(text.utf8) == .webPage(title: title))
    }

    @Test(
        "a message of PHP is known with and without its elements",
        arguments: [
            "<br />\n<b>Deprecated</b>:  Creation of dynamic property", "\nWarning: foo() in /x.php on line 3\n",
            "PHP Notice:  x", "<br />\n<b>Fatal error</b>:  x",
        ])
    func messages(text: String) {
        guard case .phpMessage = ForeignText(text.utf8) else {
            Issue.record("\(ForeignText(text.utf8))")
            return
        }
    }

    @Test("anything else is shown by its beginning, in one line without control characters")
    func others() {
        #expect(ForeignText("".utf8) == .nothing && ForeignText(" \n\t".utf8) == .nothing)
        #expect(ForeignText("404 page\u{1B}[31m not\nfound".utf8) == .other("404 page[31m not found"))
        #expect(ForeignText([0xFF, 0xD8, 0xFF]) == .other("\u{FFFD}\u{FFFD}\u{FFFD}"))
        #expect("\(ForeignText(String(repeating: "x", count: 9_999).utf8))".count < 120)
        #expect(!ForeignText.looksLikeHTML("<?xml version=\"1.0\"?><html/>".utf8))
    }
}
