import DAV
import Testing

@testable import NidsSync

@Suite("Which files are scans")
struct ScanRulesTests {
    private func rules(include: [String] = ["jpeg/**", "pdf/**"], exclude: [String] = [], limit: Int = 1000) throws
        -> ScanRules
    {
        var environment = SettingsLoaderTests.required
        environment["NIDS_NEXTCLOUD_INCLUDE"] = include.joined(separator: ",")
        environment["NIDS_NEXTCLOUD_EXCLUDE"] = exclude.joined(separator: ",")
        environment["NIDS_NEXTCLOUD_MAX_SCAN_SIZE"] = "\(limit)"
        return ScanRules(try SettingsLoader(file: SettingsFile(), environment: environment).load().nextcloud)
    }

    private func resource(_ path: some Sequence<UInt8>, length: Int? = 10) throws -> Resource {
        var resource = Resource(path: try #require(RemotePath(bytes: path)))
        resource.length = length
        return resource
    }

    @Test(
        "a picture or PDF in an included folder is worked on",
        arguments: [
            "jpg", "JPG", "jpeg", "png", "tif", "TIFF", "webp", "heic", "heif", "pdf", "jfif", "MPO", "bmp", "jp2",
            "avif", "gif", "Jpe",
        ])
    func scans(name: String) throws {
        let found = try #require(try rules().scan(resource("jpeg/TRI_ANCIEN/fiche 1.\(name)".utf8)))
        #expect(found.leftOut == nil)
        #expect(found.resource.path.description == "jpeg/TRI_ANCIEN/fiche 1.\(name)")
    }

    @Test(
        "a file in an included folder that is no scan is left out with a reason",
        arguments: [
            ("jpeg/notes.docx", "not a scan"), ("jpeg/Thumbs.db", "not a scan"), ("jpeg/fiche", "not a scan"),
            ("jpeg/fiche.", "not a scan"), ("jpeg/.fiche.jpg", "hidden"), ("jpeg/.jpg", "hidden"),
            ("jpeg/fiche.jpg.part", "not finished"), ("jpeg/fiche.jpg.TMP", "not finished"),
            ("jpeg/fiche.jpg.filepart", "not finished"), ("jpeg/fiche.crdownload", "not finished"),
        ])
    func noScans(path: String, reason: String) throws {
        #expect(try rules().scan(resource(path.utf8))?.leftOut?.contains(reason) == true)
    }

    @Test("a scan outside the included folders is counted, another file there is nobody's business")
    func outside() throws {
        let rules = try rules()
        #expect(try rules.scan(resource("divers/fiche.jpg".utf8))?.leftOut == "outside nextcloud.include")
        #expect(try rules.scan(resource("fiche.jpg".utf8))?.leftOut == "outside nextcloud.include")
        #expect(try rules.scan(resource("divers/notes.docx".utf8)) == nil)
        #expect(try rules.scan(resource("README.md".utf8)) == nil)
    }

    @Test("an excluded scan says so, and exclusion is stronger than inclusion")
    func excluded() throws {
        let rules = try rules(exclude: ["**/old/**", "jpeg/x*"])
        #expect(try rules.scan(resource("jpeg/a/old/b/fiche.jpg".utf8))?.leftOut == "matched by nextcloud.exclude")
        #expect(try rules.scan(resource("jpeg/x1.jpg".utf8))?.leftOut == "matched by nextcloud.exclude")
        #expect(try rules.scan(resource("jpeg/a/x1.jpg".utf8))?.leftOut == nil)
    }

    @Test("an empty and a too large scan are left out; at the limit, or of unknown size, it is worked on")
    func sizes() throws {
        let rules = try rules(limit: 1000)
        #expect(try rules.scan(resource("jpeg/a.jpg".utf8, length: 0))?.leftOut == "empty file (0 bytes)")
        #expect(
            try rules.scan(resource("jpeg/a.jpg".utf8, length: 1001))?.leftOut == "larger than nextcloud.max_scan_size")
        #expect(try #require(try rules.scan(resource("jpeg/a.jpg".utf8, length: 1000))).leftOut == nil)
        #expect(try #require(try rules.scan(resource("jpeg/a.jpg".utf8, length: nil))).leftOut == nil)
    }

    @Test("a name that is not UTF-8 is a scan all the same")
    func invalidName() throws {
        let found = try #require(try rules().scan(resource(Array("jpeg/fiche ".utf8) + [0xE9] + Array(".jpg".utf8))))
        #expect(found.leftOut == nil)
        #expect(found.resource.path.bytes.contains(0xE9))
    }
}
