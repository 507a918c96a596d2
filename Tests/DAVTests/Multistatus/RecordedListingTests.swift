import Testing

@testable import DAV

@Suite("Recorded listings")
struct RecordedListingTests {
    private static func listings() throws -> [RecordedExchange] {
        try RecordedExchange.all().filter { $0.response.status == 207 }
    }

    private func parse(_ exchange: RecordedExchange, pieces: Int = .max) throws -> (
        resources: [Resource], problems: [String]
    ) {
        try DAVTests.parse(exchange.responseBody, in: "http://host/remote.php/dav", pieces: pieces)
    }

    @Test("say the same in one go, byte by byte and in odd pieces", arguments: try listings())
    func pieces(exchange: RecordedExchange) throws {
        let whole = try parse(exchange)
        #expect(!whole.resources.isEmpty || !whole.problems.isEmpty)
        for pieces in [1, 7, 1000] {
            let split = try parse(exchange, pieces: pieces)
            #expect(split.resources == whole.resources)
            #expect(split.problems == whole.problems)
        }
    }

    @Test("cut at any byte are an error", arguments: ["propfind-depth0", "propfind-depth1-collections"])
    func truncated(name: String) throws {
        let body = try RecordedExchange.named(name).responseBody
        let end = try #require(body.lastIndex(of: UInt8(ascii: ">")))
        for length in 0...end {
            #expect(throws: XMLPushError.self, "cut at \(length)") {
                try DAVTests.parse(body[..<length], in: "http://host")
            }
        }
    }

    @Test("followed by an error or anything else are an error", arguments: ["propfind-404", "propfind-depth0"])
    func appended(name: String) throws {
        let listing = try RecordedExchange.named("propfind-depth1-names").responseBody
        let other = try RecordedExchange.named(name).responseBody
        #expect(throws: XMLPushError.self) { try DAVTests.parse(listing + other, in: "http://host") }
        // Sabre streams its listings: a failure in their midst appends the error to what went out before.
        let middle = try #require(
            listing.firstRange(
                of: Array(
                    "<d:response><d:href>/remote.php/dav/files/schneider/Fixture/jpeg/TRI_ANCIEN/FUSION_FULL/fiche".utf8
                )))
        #expect(throws: XMLPushError.self) {
            try DAVTests.parse(listing[..<middle.lowerBound] + other, in: "http://host")
        }
        #expect(throws: XMLPushError.self) {
            try DAVTests.parse(listing[..<middle.lowerBound] + other + listing[middle.lowerBound...], in: "http://host")
        }
    }

    @Test("names with accents, NFD, quotes, percent, hash, plus, CJK are read as they are")
    func names() throws {
        let (resources, problems) = try DAVTests.parse(
            RecordedExchange.named("propfind-depth1-names").responseBody,
            in: "http://host/remote.php/dav/files/schneider/Fixture/jpeg/TRI_ANCIEN/FUSION_FULL")
        #expect(problems.isEmpty)
        let names = resources.map { String(decoding: $0.path.bytes, as: UTF8.self) }
        #expect(names.contains("100% #1 [x].jpg"))
        #expect(names.contains("a+b&c=d;e,f.jpg"))
        #expect(names.contains("l'œuf d'hirondelle.jpg"))
        #expect(names.contains("Mésange n°7 (été).jpg"))
        #expect(
            resources.filter { !$0.isCollection }.allSatisfy {
                $0.etag?.isWeak == false && $0.length != nil && $0.fileID != nil
            })
        #expect(resources.first { $0.path.isRoot }?.permissions == "RGDNVCK")
        #expect(resources.first { $0.path == RemotePath("fiche 25FINAL.jpg") }?.length == 3611)
    }

    @Test("an external storage never scanned has no tag")
    func external() throws {
        let (resources, problems) = try parse(RecordedExchange.named("propfind-external-storage-unscanned"))
        #expect(resources.count == 1 && problems.isEmpty)
        #expect(resources.first?.etag == nil)
        #expect(resources.first?.isCollection == true)
    }
}
