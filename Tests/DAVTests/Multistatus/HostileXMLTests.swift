import Foundation
import Testing

@testable import DAV

@Suite("Hostile XML")
struct HostileXMLTests {
    private static let laughs = """
        <?xml version="1.0"?><!DOCTYPE d:multistatus [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">\
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
        """

    @Test(
        "document types and entities are refused",
        arguments: [
            laughs + "<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>&d;</d:href></d:response></d:multistatus>",
            "<!DOCTYPE d:multistatus SYSTEM \"file:///etc/passwd\"><d:multistatus xmlns:d=\"DAV:\"/>",
            "<!DOCTYPE d:multistatus PUBLIC \"x\" \"http://127.0.0.1:1/x.dtd\"><d:multistatus xmlns:d=\"DAV:\"/>",
            "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d:multistatus xmlns:d=\"DAV:\">&x;</d:multistatus>",
            "<!DOCTYPE m [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]><d:multistatus xmlns:d=\"DAV:\"/>",
            "<!DOCTYPE m><d:multistatus xmlns:d=\"DAV:\"/>",
        ])
    func documentTypes(text: String) {
        for pieces in [1, .max] {
            do throws(XMLPushError) {
                _ = try parse(text.utf8, pieces: pieces)
                Issue.record("taken")
            } catch {
                guard case .forbidden = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test(
        "an entity that nobody declared is an error", arguments: ["&x;", "&eacute;", "&#0;", "&#x110000;", "&", "&amp"])
    func undeclared(entity: String) {
        #expect(throws: XMLPushError.self) { try parse(multistatus(response("/dav/a\(entity)", file))) }
    }

    @Test("bytes that are none of the document's encoding are an error, of which nothing is printed")
    func foreignEncoding() throws {
        let text = "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\">".utf16.flatMap {
            [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        let bytes = [0xFF, 0xFE] + text + [0x00, 0xD8, 0x00, 0x00, 0x00, 0xD8, 0x00, 0x00]
        let printed = try StandardErrorCapture { #expect(throws: XMLPushError.self) { try parse(bytes) } }.text
        #expect(!printed.contains("encod"))
    }

    @Test("elements nested without end are refused")
    func depth() {
        let text = "<d:multistatus xmlns:d=\"DAV:\">" + String(repeating: "<d:response>", count: 100_000)
        do throws(XMLPushError) {
            _ = try parse(text.utf8)
            Issue.record("taken")
        } catch {
            guard case .tooDeep = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(
        "a text longer than any path spoils its response alone", arguments: ["d:href", "d:getetag", "oc:permissions"])
    func longText(element: String) throws {
        let long = "/dav/" + String(repeating: "x", count: 500_000)
        let text =
            element == "d:href"
            ? response(long, file) : response("/dav/long", file + "<\(element)>\(long)</\(element)>")
        let document = multistatus(response("/dav/a", file), text, response("/dav/b", file))
        for pieces in [1000, .max] {
            let (resources, problems) = try parse(document, pieces: pieces)
            #expect(resources.map(\.path) == [RemotePath("a"), RemotePath("b")])
            #expect(problems.count == 1)
        }
    }

    @Test(
        "names, attributes and comments without end are an error or nothing, never a crash",
        arguments: [
            "<d:multistatus xmlns:d=\"DAV:\"><", "<d:multistatus xmlns:d=\"DAV:\"><a b=\"",
            "<d:multistatus xmlns:d=\"DAV:\"><!--",
            "<d:multistatus xmlns:d=\"DAV:\"><?p ", "<d:multistatus xmlns:d=\"DAV:\"><![CDATA[",
            "<d:multistatus xmlns:d=\"",
        ])
    func endless(beginning: String) throws {
        let parser = try MultistatusParser(collection: try #require(CollectionURL("http://host/dav")))
        #expect(throws: XMLPushError.self) {
            _ = try parser.feed(Array(beginning.utf8))
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
            for _ in 1...256 { _ = try parser.feed(piece) }
            try parser.finish()
        }
    }

    @Test("ten thousand namespaces and attributes are borne")
    func attributes() throws {
        let attributes = (0..<10_000).map { "xmlns:n\($0)=\"urn:\($0)\" n\($0):a=\"\($0)\"" }.joined(separator: " ")
        let (resources, _) = try parse(multistatus(response("/dav/a", "\(file)<d:x \(attributes)/>")))
        #expect(resources.count == 1)
    }

    @Test("bytes that are no UTF-8 are an error")
    func encoding() {
        var document = multistatus(response("/dav/a", file))
        if let place = document.firstRange(of: Array("/dav/a".utf8)) { document[place.upperBound - 1] = 0xFF }
        #expect(throws: XMLPushError.self) { try parse(document) }
    }

    @Test("after an error no more is taken")
    func afterError() throws {
        let parser = try MultistatusParser(collection: try #require(CollectionURL("http://host/dav")))
        // An error may be told only once enough has come to say what stands there.
        for bytes in [Array("<a></b>".utf8), multistatus(response("/dav/a", file)), multistatus()] {
            #expect((try? parser.feed(bytes))?.isEmpty != false)
        }
        #expect(throws: XMLPushError.self) { try parser.finish() }
    }

    @Test("thousands of mutations crash nothing, and yield nothing outside the collection", arguments: 1...8)
    func mutations(seed: UInt64) throws {
        let fixtures = try RecordedExchange.all().filter { $0.response.status == 207 }.map(\.responseBody)
        var random = SeededGenerator(seed: seed)
        for _ in 1...500 {
            var document = try #require(fixtures.randomElement(using: &random))
            for _ in 0...Int.random(in: 0..<6, using: &random) { mutate(&document, fixtures, &random) }
            let pieces = [61, 4096, Int.max].randomElement(using: &random) ?? 1
            let result = Result {
                try parse(document, in: "http://host/remote.php/dav/files/schneider", pieces: pieces)
            }
            guard case .success(let (resources, _)) = result else { continue }
            for resource in resources {
                let segments = resource.path.segments.map { String(decoding: $0, as: UTF8.self) }
                #expect(!segments.contains("..") && !segments.contains("") && !resource.path.bytes.contains(0))
            }
        }
    }

    private func mutate(_ document: inout [UInt8], _ others: [[UInt8]], _ random: inout SeededGenerator) {
        guard !document.isEmpty else { return }
        let start = Int.random(in: document.indices, using: &random)
        let end = min(document.count, start + Int.random(in: 1...64, using: &random))
        let tokens = [
            "<", ">", "&", "]]>", "<!--", "<![CDATA[", "..", "%2e%2e/", "%00", "\0", "</d:response>", "<d:href>",
            "&#x0;",
        ]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: document[start] = UInt8.random(in: 0...255, using: &random)
        case 1: document.removeSubrange(start..<end)
        case 2: document.insert(contentsOf: document[start..<end], at: start)
        case 3: document.insert(contentsOf: (tokens.randomElement(using: &random) ?? "").utf8, at: start)
        case 4: document.removeSubrange(start...)
        default:
            document.insert(contentsOf: (others.randomElement(using: &random) ?? []).suffix(end - start), at: start)
        }
    }
}

/// The same numbers for the same seed (SplitMix64), so that a failure can be seen again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
