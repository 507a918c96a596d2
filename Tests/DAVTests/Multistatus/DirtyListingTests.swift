import Testing

@testable import DAV

@Suite("A listing with something around it")
struct DirtyListingTests {
    private let whole = multistatus(response("/dav/a", file))
    private let php = "<br />\n<b>Deprecated</b>:  Creation of dynamic property in <b>/var/www/x.php</b><br />\n"

    private func words(_ bytes: [UInt8], pieces: Int) -> String? {
        do throws(XMLPushError) {
            _ = try parse(bytes, pieces: pieces)
            return nil
        } catch {
            return error.explanation
        }
    }

    @Test("blank lines and a byte order mark before it are read over", arguments: [1, 2, 3, 5, .max])
    func blanks(pieces: Int) throws {
        for before in ["\n", " \r\n\t\n", "\u{FEFF}", "\u{FEFF}\n", "\n\u{FEFF}"] {
            #expect(try parse(Array(before.utf8) + whole, pieces: pieces).resources.count == 1)
        }
        #expect(try parse(whole + Array("\n\n".utf8), pieces: pieces).resources.count == 1)
    }

    @Test("a message of PHP before or behind it is told with its beginning", arguments: [1, 7, .max])
    func messages(pieces: Int) {
        for bytes in [Array(php.utf8) + whole, whole + Array(php.utf8)] {
            let words = words(bytes, pieces: pieces) ?? ""
            #expect(words.contains("Deprecated") && words.contains("display_errors"), "\(words)")
        }
    }

    @Test("a web page, text or nothing in its place is told as that", arguments: [1, 100, .max])
    func others(pieces: Int) {
        let page = "<!DOCTYPE html><html><head><title>Log in</title></head><body><br></body></html>"
        #expect(words(Array(page.utf8), pieces: pieces)?.contains("a web page") == true)
        #expect(words(Array("<html><body/></html>".utf8), pieces: pieces)?.contains("a web page") == true)
        #expect(words(Array("upstream is away".utf8), pieces: pieces)?.isEmpty == false)
        #expect(words([], pieces: pieces) == "nothing came instead of a listing")
    }

    @Test("half a byte order mark is none")
    func halfMark() {
        #expect(words([0xEF, 0xBB] + whole, pieces: .max) != nil)
    }
}
