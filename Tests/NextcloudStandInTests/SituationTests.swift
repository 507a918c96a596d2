import Foundation
import HTTP
import NextcloudStandIn
import Testing

@Suite("Situations as servers are found")
struct SituationTests {
    @Test("two writes within one second, or with one X-OC-MTime, share the ETag, and any other time gives a new one")
    func oneSecond() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.conditions.fileETags = .everySecond
            bench.standIn.conditions.stoppedClock = 1_800_000_000
            func put(_ text: String, _ headers: [String: String] = [:]) async throws -> String? {
                let reply = try await bench.send("PUT", "x", headers, body: Array(text.utf8))
                #expect(reply.header("X-OC-MTime") == (headers.isEmpty ? nil : "accepted"))
                return reply.header("ETag")
            }
            let first = try await put("one")
            let root = try bench.standIn.etag(of: "")
            #expect(try await put("another") == first)
            #expect(try bench.standIn.etag(of: "") != root)
            #expect(try await bench.send("PUT", "x", ["If-None-Match": first ?? ""], body: [1]).status == 412)
            let past = try await put("past", ["X-OC-MTime": "1700000000"])
            #expect(past != first)
            #expect(try await put("past again", ["X-OC-MTime": "1700000000"]) == past)
            #expect(try await put("now") != past)
            #expect(try await bench.send("HEAD", "x").header("Date") == "Fri, 15 Jan 2027 08:00:00 GMT")
        }
    }

    @Test("a proxy's page has nothing of Nextcloud's, meets one path or all, and goes when it is taken away")
    func proxyPages() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("a/x", text: "1")
            let one = bench.standIn.addFault(Fault(path: "a/x", times: nil, effect: .proxyPage(404)))
            let reply = try await bench.send("GET", "a/x")
            #expect(reply.status == 404 && reply.header("Content-Type") == "text/html; charset=utf-8")
            #expect(!reply.text.contains("Sabre") && reply.header("Set-Cookie") == nil)
            #expect(try await bench.propfind("a").status == 207)
            bench.standIn.removeFault(one)
            #expect(try await bench.send("GET", "a/x").status == 200)
            bench.standIn.addFault(Fault(times: nil, effect: .proxyPage(502)))
            #expect(try await bench.send("GET", "/status.php").status == 502)
            #expect(try await bench.send("PUT", "a/y", body: [1]).status == 502)
            bench.standIn.removeFaults()
            #expect(try bench.standIn.paths() == ["a/", "a/x"])
        }
    }

    @Test("a login page comes with 200, or leads to another origin")
    func loginPages() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("x", text: "1")
            bench.standIn.addFault(Fault(effect: .loginPage()))
            let page = try await bench.send("GET", "x")
            #expect(page.status == 200 && page.text.contains("<form") && page.header("ETag") == nil)
            try await Bench.run { (other: Bench) async throws in
                other.standIn.addFault(Fault(effect: .loginPage()))
                let address = other.standIn.url + "/login?rd=x"
                bench.standIn.addFault(Fault(effect: .loginPage(redirectingTo: address)))
                let followed = try await bench.send("GET", "x")
                #expect(followed.status == 200 && followed.text.contains("<form"))
                #expect(bench.standIn.requests.last?.status == 302)
                #expect(other.standIn.requests.map(\.path) == ["/login?rd=x"])
            }
        }
    }

    @Test("a body cut short may come with its own length")
    func shortened() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("x", [UInt8](repeating: 5, count: 1_000))
            for count in [300, 0] {
                bench.standIn.addFault(Fault(method: "GET", effect: .shortenBody(toBytes: count)))
                let short = try await bench.send("GET", "x")
                #expect(short.status == 200 && short.body.count == count)
                #expect(short.header("Content-Length") == "\(count)")
            }
        }
    }

    @Test("a body in a given rhythm arrives whole, a listing too")
    func pacing() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("x", text: "abcde")
            bench.standIn.addFault(Fault(method: "GET", effect: .pace(bytes: 1, every: .milliseconds(20))))
            let clock = ContinuousClock()
            let begin = clock.now
            #expect(try await bench.send("GET", "x").text == "abcde")
            #expect(clock.now - begin >= .milliseconds(80))
            let whole = try await bench.propfind("").body
            bench.standIn.addFault(Fault(effect: .pace(bytes: 100, every: .zero)))
            #expect(try await bench.propfind("").body == whole)
        }
    }

    @Test("a storage that is away is an empty folder with an empty ETag, and 503 inside")
    func awayStorage() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("NAS/a/x", text: "1")
            try bench.standIn.put("y", text: "2")
            bench.standIn.conditions.awayStorages = ["NAS"]
            let listing = try await bench.propfind("", depth: "infinity")
            #expect(listing.hrefs.count == 3 && listing.text.contains("NAS/</d:href>"))
            #expect(listing.text.contains("<d:getetag>&quot;&quot;</d:getetag>"))
            let inside = try await bench.send("GET", "NAS/a/x")
            #expect(inside.status == 503 && inside.text.contains(#"Sabre\DAV\Exception\ServiceUnavailable"#))
            #expect(try await bench.send("PUT", "NAS/z", body: [1]).status == 503)
            bench.standIn.conditions.awayStorages = []
            #expect(try await bench.send("GET", "NAS/a/x").text == "1")
        }
    }

    @Test("a response without href and status stands among the others")
    func emptyResponse() async throws {
        try await Bench.run { (bench: Bench) async throws in
            for name in ["a", "b", "c"] { try bench.standIn.put(name, text: name) }
            bench.standIn.addFault(Fault(effect: .emptyResponse(at: 2)))
            let listing = try await bench.propfind("")
            #expect(listing.text.contains("<d:response/>") && listing.hrefs.count == 3)
            #expect(listing.text.hasSuffix("</d:multistatus>\n"))
        }
    }

    @Test("401 meets one folder only, or the root once")
    func refusedLogins() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("Root/NAS/x", text: "1")
            bench.standIn.addFault(Fault(path: "Root/NAS", times: nil, effect: .unauthorized))
            bench.standIn.addFault(Fault(path: "Root", effect: .unauthorized))
            let refused = try await bench.propfind("Root/", depth: "0")
            #expect(refused.status == 401 && refused.header("WWW-Authenticate") != nil)
            #expect(refused.text.contains("NotAuthenticated"))
            #expect(try await bench.propfind("Root", depth: "0").status == 207)
            for _ in 0..<2 { #expect(try await bench.propfind("Root/NAS").status == 401) }
            #expect(try await bench.send("GET", "Root/NAS/x").status == 200)
        }
    }

    @Test("a folder that holds itself is listed at any depth, and a listing of unlimited depth ends")
    func endlessFolder() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("loop/x", text: "1")
            bench.standIn.conditions.endlessCollections = ["loop"]
            let one = try await bench.propfind("loop/loop/loop")
            let base = "/remote.php/dav/files/schneider/loop/loop/loop/"
            #expect(one.hrefs == [base, base + "x", base + "loop/"])
            #expect(try await bench.send("GET", "loop/loop/x").text == "1")
            let all = try await bench.propfind("loop", depth: "infinity")
            #expect(all.status == 207 && (100...400).contains(all.hrefs.count))
        }
    }

    @Test("a download's ETag has an ending, is weak, another each time or absent, and OC-ETag is there or not")
    func downloadETags() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("x", text: "1")
            let etag = try #require(try bench.standIn.etag(of: "x"))
            bench.standIn.conditions.downloadETags = .ending("-gzip")
            let ending = try await bench.send("GET", "x")
            #expect(ending.header("ETag") == "\"\(etag)-gzip\"" && ending.header("OC-ETag") == "\"\(etag)\"")
            bench.standIn.conditions.downloadETags = .weak
            #expect(try await bench.send("GET", "x").header("ETag") == "W/\"\(etag)\"")
            bench.standIn.conditions.downloadETags = .fresh
            let first = try await bench.send("GET", "x").header("ETag")
            let second = try await bench.send("GET", "x").header("ETag")
            #expect(first != second && first != "\"\(etag)\"")
            bench.standIn.conditions.downloadETags = .absent
            bench.standIn.conditions.sendsOCETag = false
            let bare = try await bench.send("GET", "x")
            #expect(bare.header("ETag") == nil && bare.header("OC-ETag") == nil && bare.text == "1")
        }
    }

    @Test("preconditions are passed over when told so")
    func ignoredPreconditions() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("x", text: "1")
            #expect(try await bench.send("PUT", "x", ["If-None-Match": "*"], body: [1]).status == 412)
            bench.standIn.conditions.ignoresPreconditions = true
            #expect(try await bench.send("PUT", "x", ["If-None-Match": "*"], body: [1]).status == 204)
            #expect(try await bench.send("PUT", "x", ["If-Match": "\"other\""], body: [2]).status == 204)
            #expect(try bench.standIn.bytes(at: "x") == [2])
        }
    }

    @Test("a PUT that only pretends answers 201 and stores nothing, or an empty file")
    func pretending() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.addFault(Fault(method: "PUT", effect: .pretendToStore(leavingEmptyFile: false)))
            let none = try await bench.send("PUT", "x", body: [1])
            #expect(none.status == 201 && none.header("ETag") != nil)
            #expect(try bench.standIn.paths().isEmpty)
            bench.standIn.addFault(Fault(method: "PUT", effect: .pretendToStore(leavingEmptyFile: true)))
            #expect(try await bench.send("PUT", "x", body: [1]).status == 201)
            #expect(try bench.standIn.bytes(at: "x") == [])
        }
    }

    @Test("names that differ in case only are one where the storage says so, and the first name stays")
    func ignoringCase() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("Été/A.jpg", text: "1")
            bench.standIn.conditions.ignoresCase = true
            #expect(try await bench.send("GET", "%C3%A9t%C3%A9/a.JPG").text == "1")
            #expect(try await bench.send("PUT", "%C3%A9t%C3%A9/a.jpg", ["If-None-Match": "*"], body: [2]).status == 412)
            #expect(try await bench.send("PUT", "%C3%A9t%C3%A9/a.jpg", body: [2]).status == 204)
            #expect(try bench.standIn.paths() == ["Été/", "Été/A.jpg"])
            #expect(try bench.standIn.bytes(at: "Été/A.jpg") == [2])
        }
    }

    @Test("an error of Nextcloud's own comes with its XML and headers, a Retry-After of 0 too")
    func davErrors() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.addFault(
                Fault(
                    effect: .davError(
                        503, exception: "ServiceUnavailable", message: "busy", headers: ["Retry-After": "0"])))
            let reply = try await bench.propfind("")
            #expect(reply.status == 503 && reply.header("Retry-After") == "0")
            #expect(reply.text.contains(#"<s:exception>Sabre\DAV\Exception\ServiceUnavailable</s:exception>"#))
        }
    }

    @Test("Auto-Mkcol makes every missing ancestor before it looks at preconditions, but not in Nextcloud 30")
    func missingAncestors() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let headers = ["X-NC-WebDAV-Auto-Mkcol": "1", "If-Match": "\"x\""]
            #expect(try await bench.send("PUT", "gone/a/x", headers, body: [1]).status == 412)
            #expect(try bench.standIn.paths() == ["gone/", "gone/a/"])
            let old = try NextcloudStandIn(store: bench.store + "-30", accounts: Bench.accounts, version: "30.0.2.1")
            try await old.start()
            let other = Bench(store: bench.store, standIn: old, client: bench.client)
            let reply = try await other.send("PUT", "gone/a/x", ["X-NC-WebDAV-Auto-Mkcol": "1"], body: [1])
            await old.stop()
            #expect(reply.status == 404)
            #expect(try old.paths().isEmpty)
            try FileManager.default.removeItem(atPath: bench.store + "-30")
        }
    }

    @Test("a disabled account is answered with 503 over WebDAV and 401 over OCS, until it is enabled again")
    func disabledAccount() async throws {
        try await Bench.run { (bench: Bench) async throws in
            bench.standIn.setDisabled(true, of: "schneider")
            let dav = try await bench.propfind("")
            #expect(dav.status == 503 && dav.text.contains(#"OC\User\DisabledUserException: Account disabled"#))
            #expect(dav.header("X-User-Id") == nil)
            #expect(try await bench.send("GET", "/ocs/v2.php/cloud/user?format=json").status == 401)
            bench.standIn.setDisabled(false, of: "schneider")
            #expect(try await bench.propfind("").status == 207)
        }
    }
}
