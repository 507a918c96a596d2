import HTTP
import HTTPTypes
import NextcloudStandIn
import Testing

@Suite("The stand-in answers as Nextcloud 34.0.1 did")
struct RecordedExchangeTests {
    /// What the recorded server held before the first exchange.
    private func prepare(_ standIn: NextcloudStandIn) throws {
        let folder = "Fixture/jpeg/TRI_ANCIEN/FUSION_FULL/"
        let scan = [UInt8](repeating: 7, count: 3_611)
        for path in [folder, "Fixture/pdf", "Fixture/vide", "Externe"] { try standIn.makeCollection(path) }
        for name in [
            "fiche 25FINAL.jpg", "fiche 1R.jpg", "fiche 1V.jpg", "Mésange n°7 (été).jpg", "a+b&c=d;e,f.jpg",
            "100% #1 [x].jpg", "fiche (3).jpg", "l'œuf d'hirondelle.jpg", "e\u{301}te\u{301} NFD.jpg", "日本.jpg",
            " espace devant.jpg",
        ] { try standIn.put(folder + name, scan) }
        try standIn.put("Fixture/pdf/lot.pdf", Array("%PDF-1.4\n".utf8))
        var conditions = standIn.conditions
        conditions.emptyETagsBelow = ["Externe"]
        standIn.conditions = conditions
    }

    /// In the order they were recorded; what one makes, the next ones find.
    private static let order = [
        "status", "capabilities", "whoami", "options", "propfind-noauth", "propfind-401", "propfind-404",
        "propfind-malformed", "propfind-other-user", "propfind-depth0", "propfind-depth1-collections",
        "propfind-depth1-empty", "propfind-depth1-names", "propfind-infinity", "propfind-file",
        "propfind-allprop-nobody", "propfind-external-storage-depth1", "propfind-external-storage-unscanned", "get",
        "head", "get-range", "get-if-none-match", "get-404", "put-create", "put-create-nochecksum",
        "put-exists-if-none-match", "put-if-match-stale", "put-if-match-ok", "put-missing-parent", "put-auto-mkcol",
        "put-forbidden-ext", "put-forbidden-name", "put-name-too-long", "mkcol", "mkcol-exists",
        "mkcol-missing-parent", "move", "move-exists", "copy", "delete", "delete-404", "lock", "put-locked-by-self",
        "unlock", "tag-create", "tag-create-exists", "tag-list", "tag-assign", "tag-assign-again", "tag-relations",
        "tag-unassign", "put-quota-exceeded", "login-v2-start", "login-v2-poll-pending", "maintenance-status",
        "maintenance-propfind", "maintenance-put",
    ]

    @Test("57 recorded exchanges, one after the other, have the same status, headers and body")
    func replay() async throws {
        try await Bench.run { bench in
            try prepare(bench.standIn)
            for name in Self.order {
                let recording = try Recording(named: name)
                // A client of its own for each: the exchanges were recorded without a session.
                let fresh = Bench(store: bench.store, standIn: bench.standIn, client: HTTPClient())
                let reply = try await replay(recording, on: fresh)
                try compare(reply, with: recording)
            }
        }
    }

    private func replay(_ recording: Recording, on bench: Bench) async throws -> HTTPReply {
        let standIn = bench.standIn
        var path = recording.request.path
        var headers = recording.request.headers
        var body = recording.request.body.map { Array($0.utf8) }
        let scan = "Fixture/jpeg/TRI_ANCIEN/FUSION_FULL/fiche 25FINAL.jpg"
        // The recorded ids, ETags and large bodies stand for those of this server.
        switch recording.name {
        case "get-if-none-match": headers["If-None-Match"] = "\"\(try #require(try standIn.etag(of: scan)))\""
        case "put-if-match-ok":
            headers["If-Match"] = "\"\(try #require(try standIn.etag(of: "Fixture/res2.json")))\""
        case "put-locked-by-self": body = [UInt8](repeating: 8, count: 3_611)
        case "put-quota-exceeded":
            body = [UInt8](repeating: 9, count: 3_000_000)
            standIn.setQuota(2_000_000, of: "schneider")
        case "tag-create":
            // One was there before.
            let tag = Array("{\"name\":\"transcrit\"}".utf8)
            try await Bench(store: bench.store, standIn: standIn, client: HTTPClient())
                .send("POST", "/remote.php/dav/systemtags", body: tag)
        case _ where recording.name.hasPrefix("maintenance"): standIn.conditions.maintenance = true
        default: break
        }
        if path.contains("121391") {
            path = path.replacing("121391", with: "\(try #require(try standIn.fileID(of: scan)))")
        }
        let login: String? =
            switch recording.request.auth {
            case "none": nil
            default: recording.name == "propfind-401" ? "schneider:wrong" : "schneider:secret"
            }
        return try await bench.send(recording.request.method, path, headers, body: body, login: login)
    }

    private func compare(_ reply: HTTPReply, with recording: Recording) throws {
        let name = recording.name
        #expect(reply.status == recording.response.status, "\(name): \(reply.text)")
        for (header, value) in recording.headers {
            let own = reply.header(header)
            switch header {
            case "X-Request-Id", "X-Debug-Token": #expect(own?.count == 20, "\(name): \(header)")
            case "Content-Security-Policy" where !value.hasPrefix("default-src 'none';\""):
                continue
            case "ETag" where name == "capabilities": continue
            default:
                let shape = Recording.normalised(own ?? "missing")
                #expect(shape == Recording.normalised(value), "\(name): \(header)")
            }
        }
        let cookies = reply.head.headerFields[values: .setCookie].map { String($0.prefix { $0 != "=" }) }
        let known = { (name: String) in name.wholeMatch(of: /oc[a-z0-9]{10}/) == nil ? name : "<instance>" }
        #expect(cookies.map(known) == recording.response.cookiesSet.map(known), "\(name)")
        switch name {
        case "capabilities", "whoami", "login-v2-start": try compareJSON(reply, with: recording)
        case "get", "get-range": #expect(reply.body.count == (name == "get" ? 3_611 : 10))
        case "propfind-401", "propfind-noauth", "propfind-malformed":
            // The wording is longer there.
            let exception = /<s:exception>[^<]*<\/s:exception>/
            #expect(
                reply.text.firstMatch(of: exception)?.output
                    == recording.response.body.firstMatch(of: exception)?.output)
        case "tag-relations":
            let id = /files\/\d+/
            #expect(
                reply.text.replacing(id, with: "files/<id>")
                    == recording.response.body.replacing(id, with: "files/<id>"))
        default: #expect(Recording.normalised(reply.text) == Recording.normalised(recording.response.body), "\(name)")
        }
    }

    /// The keys that clients read.
    private func compareJSON(_ reply: HTTPReply, with recording: Recording) throws {
        let keys =
            switch recording.name {
            case "whoami":
                ["\"status\":\"ok\"", "\"statuscode\":200", "\"id\":\"schneider\"", "\"free\":-3", "\"quota\":-3"]
            case "capabilities":
                ["\"major\":34", "\"minor\":0", "\"string\":\"34.0.1\"", "\"systemtags\":{\"enabled\":true}"]
            default: ["{\"poll\":{\"token\":\"", "\"endpoint\":\"http:", "\"login\":\"http:"]
            }
        for key in keys {
            #expect(reply.text.contains(key), "\(key)")
            #expect(recording.response.body.contains(key), "\(key)")
        }
    }
}
