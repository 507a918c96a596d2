import Foundation
import HTTP
import NextcloudStandIn
import Testing

@Suite("People who look, edit and share")
struct PeopleTests {
    private static let properties = """
        <?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" \
        xmlns:nc="http://nextcloud.org/ns"><d:prop><oc:fileid/><oc:permissions/><oc:owner-id/><nc:lock/>\
        <nc:lock-owner-editor/><nc:version-author/><d:getcontentlength/></d:prop></d:propfind>
        """

    private func facts(_ bench: Bench, _ path: String, depth: String = "0") async throws -> String {
        try await bench.send("PROPFIND", path, ["Depth": depth], body: Array(Self.properties.utf8)).text
    }

    @Test("opening and closing a file in the Text editor changes its ETag and those above, and nobody writes meanwhile")
    func textEditor() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("a/b/x.json", text: "{}")
            try standIn.put("a/y.json", text: "{}")
            func etags() throws -> [String?] { try ["a/b/x.json", "a/b", "a", ""].map { try standIn.etag(of: $0) } }
            let before = try etags()
            try standIn.openInEditor("a/b/x.json", by: "schneider")
            let opened = try etags()
            #expect(zip(before, opened).allSatisfy { $0 != $1 })
            let text = try await facts(bench, "a/b/x.json")
            #expect(text.contains("<nc:lock>1</nc:lock>"))
            #expect(text.contains("<nc:lock-owner-editor>text</nc:lock-owner-editor>"))
            let refused = try await bench.send("PUT", "a/b/x.json", body: [1])
            #expect(refused.status == 423 && refused.text.contains(#"Sabre\DAV\Exception\Locked"#))
            #expect(refused.text.contains("<d:href>files/schneider/a/b/x.json</d:href>"))
            let destination = standIn.url + "/remote.php/dav/files/schneider/z.json"
            #expect(try await bench.send("MOVE", "a/b/x.json", ["Destination": destination]).status == 423)
            #expect(try await bench.send("GET", "a/b/x.json").text == "{}")
            #expect(try await bench.send("PUT", "a/y.json", body: [1]).status == 204)
            try standIn.closeEditor(of: "a/b/x.json")
            #expect(zip(opened, try etags()).allSatisfy { $0 != $1 })
            #expect(try await bench.send("PUT", "a/b/x.json", body: [1]).status == 204)
        }
    }

    @Test("a file's owner frees what a killed browser left locked, a person it is shared with cannot")
    func freeing() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("Root/x", text: "1", as: "admin")
            try bench.standIn.share("Root", with: "schneider", of: "admin")
            try bench.standIn.openInEditor("Root/x", by: "schneider", as: "admin")
            let id = try #require(try bench.standIn.fileID(of: "Root/x", as: "admin"))
            let path = "/ocs/v2.php/apps/files_lock/lock/\(id)"
            #expect(try await bench.send("DELETE", path).status == 423)
            #expect(try await bench.send("PUT", "Root/x", body: [2]).status == 423)
            #expect(try await bench.send("DELETE", path, login: "admin:x").status == 200)
            #expect(try await bench.send("PUT", "Root/x", body: [2]).status == 204)
        }
    }

    @Test(
        "a share gives the letters and answers that Nextcloud 34 gave",
        arguments: [
            (1, "SGDN", "SG", "SG", 403, 403, 403), (17, "SRGDN", "SRG", "SRG", 403, 403, 403),
            (3, "SGDNV", "SGNV", "SGNVW", 204, 403, 403), (5, "SGDNCK", "SGCK", "SG", 403, 201, 403),
            (7, "SGDNVCK", "SGNVCK", "SGNVW", 204, 201, 403), (15, "SGDNVCK", "SGDNVCK", "SGDNVW", 204, 201, 204),
            (31, "SRGDNVCK", "SRGDNVCK", "SRGDNVW", 204, 201, 204),
        ])
    func rights(
        permissions: Int, root: String, folder: String, file: String, written: Int, made: Int, deleted: Int
    ) async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("Racine/jpeg/x", text: "1", as: "admin")
            try bench.standIn.share(
                "Racine", with: "schneider", as: "Nids", permissions: SharePermissions(rawValue: permissions),
                of: "admin")
            for (path, letters) in [("Nids", root), ("Nids/jpeg", folder), ("Nids/jpeg/x", file)] {
                let text = try await facts(bench, path)
                #expect(text.contains("<oc:permissions>\(letters)</oc:permissions>"), "\(path)")
                #expect(text.contains("<oc:owner-id>admin</oc:owner-id>"))
            }
            #expect(try await bench.send("PUT", "Nids/jpeg/x", body: [2]).status == written)
            #expect(try await bench.send("PUT", "Nids/new", body: [2]).status == made)
            #expect(try await bench.send("MKCOL", "Nids/folder").status == made)
            #expect(try await bench.send("DELETE", "Nids/jpeg/x").status == deleted)
            // A stale precondition is looked at before the right.
            #expect(try await bench.send("PUT", "Nids/jpeg", ["If-Match": "\"old\""], body: [2]).status == 412)
        }
    }

    @Test("ids and ETags are the same on both sides, a change on one is seen on the other, up to the top")
    func bothSides() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("Racine/jpeg/x", text: "1", as: "admin")
            try standIn.share("Racine", with: "schneider", as: "Nids", of: "admin")
            let paths = [("", ""), ("Nids", "Racine"), ("Nids/jpeg", "Racine/jpeg")]
            for (theirs, own) in paths.dropFirst() {
                #expect(try standIn.fileID(of: theirs) == standIn.fileID(of: own, as: "admin"))
                #expect(try standIn.etag(of: theirs) == standIn.etag(of: own, as: "admin"))
            }
            let before = try paths.map { [try standIn.etag(of: $0.0), try standIn.etag(of: $0.1, as: "admin")] }
            let reply = try await bench.send("PUT", "Nids/jpeg/y", body: [1])
            #expect(reply.header("X-NC-OwnerId") == "admin" && reply.header("X-NC-Permissions") == "SRGDNVW")
            let after = try paths.map { [try standIn.etag(of: $0.0), try standIn.etag(of: $0.1, as: "admin")] }
            for (old, new) in zip(before, after) { #expect(old[0] != new[0] && old[1] != new[1]) }
            let listing = try await bench.propfind("", depth: "infinity").hrefs
            #expect(listing.contains("/remote.php/dav/files/schneider/Nids/jpeg/y"))
        }
    }

    @Test("a share taken back is gone for its recipient alone, and comes back with the same ids")
    func takenBack() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("Racine/x", text: "1", as: "admin")
            try standIn.share("Racine", with: "schneider", of: "admin")
            let id = try standIn.fileID(of: "Racine/x")
            let top = try standIn.etag(of: "")
            try standIn.unshare("Racine", with: "schneider", of: "admin")
            #expect(try standIn.etag(of: "") != top)
            #expect(try await bench.propfind("Racine").status == 404)
            let lost = try await bench.send("PUT", "Racine/x", ["If-Match": "\"x\""], body: [1])
            #expect(lost.status == 412 && lost.header("ETag") == nil)
            #expect(try standIn.bytes(at: "Racine/x", as: "admin") == Array("1".utf8))
            // What is made in its place is the recipient's own.
            try await bench.send("PUT", "Racine/x", ["X-NC-WebDAV-Auto-Mkcol": "1"], body: [7])
            #expect(try standIn.bytes(at: "Racine/x") == [7])
            try standIn.delete("Racine")
            try standIn.share("Racine", with: "schneider", of: "admin")
            #expect(try standIn.fileID(of: "Racine/x") == id)
        }
    }

    @Test("an owner shares by the sharing interface, changes the rights and takes the share back; others cannot")
    func sharingInterface() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("Été 1/x", text: "1")
            let shares = "/ocs/v2.php/apps/files_sharing/api/v1/shares"
            func ask(_ method: String, _ path: String, _ form: String, _ login: String) async throws -> HTTPReply {
                try await bench.send(
                    method, path + "?format=json", ["OCS-APIRequest": "true"], body: Array(form.utf8), login: login)
            }
            let (owner, admin) = ("schneider:secret", "admin@example.org:x")
            let form = "path=%2F%C3%89t%C3%A9%201&shareType=0&shareWith=admin&permissions=31"
            let made = try await ask("POST", shares, form, owner)
            #expect(made.status == 200)
            let id = try #require(made.text.firstMatch(of: /"id":"(\d+)"/)?.output.1)
            #expect(try bench.standIn.bytes(at: "Été 1/x", as: "admin") == Array("1".utf8))
            let file = "/remote.php/dav/files/admin/%C3%89t%C3%A9%201/x"
            #expect(try await bench.send("PUT", file, body: [2], login: admin).status == 204)
            #expect(try await ask("PUT", "\(shares)/\(id)", "permissions=1", admin).status == 404)
            #expect(try await ask("PUT", "\(shares)/\(id)", "permissions=1", owner).status == 200)
            #expect(try await bench.send("PUT", file, body: [3], login: admin).status == 403)
            #expect(try await ask("DELETE", "\(shares)/\(id)", "", owner).status == 200)
            #expect(try await bench.send("GET", file, login: admin).status == 404)
            #expect(try await ask("POST", shares, form.replacing("=admin", with: "=nobody"), owner).status == 404)
            #expect(try await ask("POST", shares, form, "schneider:wrong").status == 401)
        }
    }

    @Test("a recipient renames a share or leaves it, and the owner's folder stays as it is")
    func mounts() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("Racine/x", text: "1", as: "admin")
            try standIn.share("Racine", with: "schneider", permissions: .read, of: "admin")
            let destination = standIn.url + "/remote.php/dav/files/schneider/Fiches"
            #expect(try await bench.send("MOVE", "Racine", ["Destination": destination]).status == 201)
            #expect(try await bench.send("GET", "Fiches/x").text == "1")
            #expect(try await bench.send("DELETE", "Fiches").status == 204)
            #expect(try await bench.send("GET", "Fiches/x").status == 404)
            #expect(try standIn.paths(as: "admin") == ["Racine/", "Racine/x"])
        }
    }

    @Test("a file is found by its id wherever somebody has it, and absent ones are passed over")
    func searching() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("Racine/été/x", text: "1", as: "admin")
            try standIn.share("Racine", with: "schneider", as: "Nids", permissions: [.read, .update], of: "admin")
            let id = try #require(try standIn.fileID(of: "Racine/été/x", as: "admin"))
            func search(_ ids: [Int], in user: String = "schneider") async throws -> HTTPReply {
                let equal = ids.map {
                    "<d:eq><d:prop><oc:fileid/></d:prop><d:literal>\($0)</d:literal></d:eq>"
                }.joined()
                let condition = ids.count == 1 ? equal : "<d:or>\(equal)</d:or>"
                let body = """
                    <d:searchrequest xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:basicsearch><d:select><d:prop>\
                    <oc:fileid/><oc:permissions/></d:prop></d:select><d:from><d:scope><d:href>/files/\(user)</d:href>\
                    <d:depth>infinity</d:depth></d:scope></d:from><d:where>\(condition)</d:where></d:basicsearch>\
                    </d:searchrequest>
                    """
                return try await bench.send("SEARCH", "/remote.php/dav/", body: Array(body.utf8))
            }
            let found = try await search([id, 999_999])
            #expect(found.status == 207)
            #expect(found.hrefs == ["/remote.php/dav/files/schneider/Nids/%c3%a9t%c3%a9/x"])
            #expect(found.text.contains("<oc:permissions>SGNVW</oc:permissions>"))
            #expect(try await search([999_999]).hrefs.isEmpty)
            #expect(try await search([id], in: "admin").status == 500)
            #expect(try await search([Int](repeating: id, count: 101)).status == 500)
        }
    }

    @Test("the versions of a file name their authors, the present content among them, one for each second")
    func versions() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let standIn = bench.standIn
            try standIn.put("Racine/x", text: "1", as: "admin")
            try standIn.share("Racine", with: "schneider", of: "admin")
            try await bench.send("PUT", "Racine/x", ["X-OC-MTime": "1700000000"], body: [1, 2])
            try await bench.send("PUT", "Racine/x", ["X-OC-MTime": "1700000000"], body: [1, 2, 3])
            standIn.conditions.stoppedClock = 1_700_000_100
            try standIn.put("Racine/x", text: "abcd", as: "admin")
            let id = try #require(try standIn.fileID(of: "Racine/x"))
            let path = "/remote.php/dav/versions/schneider/versions/\(id)"
            let text = try await facts(bench, path, depth: "1")
            func author(_ seconds: Int, _ length: Int) -> Bool {
                let entries = text.components(separatedBy: "<d:response>")
                guard let entry = entries.first(where: { $0.contains("/\(seconds)<") }) else { return false }
                let name = seconds == 1_700_000_000 ? "schneider" : "admin"
                return entry.contains("<nc:version-author>\(name)</nc:version-author>")
                    && entry.contains("<d:getcontentlength>\(length)<")
            }
            #expect(author(1_700_000_000, 3) && author(1_700_000_100, 4))
            #expect(text.components(separatedBy: "<d:response>").count == 5)
            #expect(try await bench.send("PROPFIND", "/remote.php/dav/versions/admin/versions/\(id)").status == 403)
        }
    }
}
