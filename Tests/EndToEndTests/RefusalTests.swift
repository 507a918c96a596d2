import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing

@Suite("what keeps a pass from working")
struct RefusalTests {
    @Test("a refused password is 77, and says what to do")
    func password() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run("--once", with: ["NIDS_NEXTCLOUD_PASSWORD": "wrong-password"])
            expect(outcome, status: 77, says: site.cloud.url, "nextcloud.user", "app password")
            #expect(site.model.calls.isEmpty)
            // A server throttles those who insist.
            #expect(site.cloud.requestCount <= 3)
        }
    }

    @Test("a password revoked after a pass is 77 too, and the daemon ends with it")
    func revoked() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            site.cloud.setPassword("another", of: NextcloudStandIn.account.userID)
            expect(try await site.run("--once"), status: 77, says: "app password")
            expect(try await site.run(), status: 77, says: "app password")
        }
    }

    @Test("a refused model key is 77; the sheet waits and costs nothing")
    func modelKey() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let outcome = try await site.run("--once", "--json", with: ["GEMINI_API_KEY": "AIza-not-the-right-one"])
            expect(outcome, status: 77, says: "key")
            #expect(try outcome.count("failed") == 0)
            #expect(try outcome.count("waiting") == 2)
            let again = try await site.run("--once", "--json")
            again.expect(status: 0)
            #expect(try again.count("transcribed") == 2)
        }
    }

    @Test("a server that nobody answers for is 69, and named")
    func unreachable() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let closed = try await site.run("--once", with: ["NIDS_NEXTCLOUD_URL": "http://127.0.0.1:1"])
            expect(closed, status: 69, says: "http://127.0.0.1:1", "cannot be reached")
            let unknown = try await site.run(
                "--once", "--accept-change", with: ["NIDS_NEXTCLOUD_URL": "https://nids-sync.invalid"])
            expect(unknown, status: 69, says: "nids-sync.invalid", "cannot be reached")
        }
    }

    @Test("maintenance is 69, and the next pass works")
    func maintenance() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.cloud.conditions.maintenance = true
            expect(try await site.run("--once"), status: 69, says: "maintenance")
            site.cloud.conditions.maintenance = false
            try await site.run("--once").expect(status: 0)
            site.cloud.conditions.maintenance = true
            expect(try await site.run("--once"), status: 69, says: "maintenance")
        }
    }

    @Test("a missing root folder is 78, and nothing is made of it")
    func missingRoot() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run("--once", with: ["NIDS_NEXTCLOUD_ROOT": "Nulle part"])
            expect(outcome, status: 78, says: "\"Nulle part\"", "nextcloud.root")
            #expect(try !site.cloud.paths().contains { $0.hasPrefix("Nulle part") })
        }
    }

    @Test("a root folder that vanishes after a pass is 78; nothing is withdrawn")
    func vanishedRoot() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let rows = try ObservationsFile(path: site.databaseFile).views()
            try site.cloud.move(site.root, to: "Ailleurs")
            for _ in 1...3 { expect(try await site.run("--once"), status: 78, says: site.root, "nextcloud.root") }
            #expect(try ObservationsFile(path: site.databaseFile).views() == rows)
            try site.cloud.move("Ailleurs", to: site.root)
            let back = try await site.run("--once", "--json")
            back.expect(status: 0)
            #expect(try back.count("transcribed") == 0)
        }
    }

    @Test("an unknown key in the file is 78, with the file, the line, the key and the likely one")
    func unknownKey() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let file = try site.folder.write("nextcloud:\n  pol_interval: 10s\n".utf8, to: "nids.yaml")
            let outcome = try await site.run("--once", "--config", file)
            expect(outcome, status: 78, says: "\(file), line 2", "nextcloud.pol_interval", "nextcloud.poll_interval?")
            #expect(FolderSnapshot(site.state).entries.isEmpty)
        }
    }

    @Test("a wrong value in the file is 78, with the place and what would be right")
    func wrongValue() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let file = try site.folder.write("nextcloud:\n  poll_interval: ten\n".utf8, to: "nids-sync.yaml")
            #expect(!file.isEmpty)
            // Found where the program is started.
            expect(
                try await site.run("--once"), status: 78, says: "nids-sync.yaml, line 2", "nextcloud.poll_interval",
                "\"ten\"", "10s")
        }
    }

    @Test("an unknown NIDS_ variable is 78, with the likely one; NIDS_TEST_ ones are nobody's business")
    func unknownVariable() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run("--once", with: ["NIDS_NEXTCLOUD_POL_INTERVAL": "1s"])
            expect(outcome, status: 78, says: "NIDS_NEXTCLOUD_POL_INTERVAL", "NIDS_NEXTCLOUD_POLL_INTERVAL?")
            try await site.run("--once", with: ["NIDS_TEST_ANYTHING": "1"]).expect(status: 0)
        }
    }

    @Test("a state folder that cannot be written is 78, and named; there is no other place instead")
    func unwritableState() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let file = try site.folder.write("in the way".utf8, to: "file")
            for state in ["\(file)/state", file] {
                let outcome = try await site.run("--once", with: ["NIDS_STATE_DIRECTORY": state])
                expect(outcome, status: 78, says: state, "state.directory")
            }
            #expect(site.cloud.requestCount == 0)
        }
    }

    @Test("a second pass beside a first is 69, and names the process")
    func secondPass() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.cloud.addFault(Fault(method: "GET", pathContains: "a.jpg", effect: .hang))
            let first = try await site.run("--once") { program in
                try await soon("the scan is asked for") {
                    site.cloud.requests.contains { $0.method == "GET" && $0.path.hasSuffix("a.jpg") }
                }
                let second = try await site.run("--once")
                expect(second, status: 69, says: "process \(program.identifier)")
                try program.send(SIGKILL)
            }
            first.expect(status: 128 + 9)
            // The lock went with its holder.
            try await site.run("--once").expect(status: 0)
        }
    }

    @Test("a run that lost its DB_HOST is 78 until the change is accepted")
    func lostDatabase() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let database = [
                "DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "nids", "DB_USER": "nids", "DB_PASSWORD": "geheim",
            ]
            try await site.run("--once", with: database).expect(status: 69)
            let lost = try await site.run("--once")
            expect(lost, status: 78, says: "127.0.0.1", "DB_HOST", "--accept-change")
            #expect(!FileManager.default.fileExists(atPath: site.databaseFile))
            try await site.run("--once", "--accept-change").expect(status: 0)
            #expect(
                try ObservationsFile(path: site.databaseFile).rows("SELECT chemin FROM nids_v_fiches") == [
                    ["jpeg/a.jpg"]
                ])
            try await site.run("--once").expect(status: 0)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a run that lost the key which chose its model is 78 until the change is accepted")
    func lostKey() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let lost = try await site.run("--once", with: ["GEMINI_API_KEY": nil])
            expect(lost, status: 78, says: "gemini_3_flash", "--accept-change")
        }
    }

    @Test("another machine's root is 78 until it is taken over")
    func claimedRoot() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let claim = "\(site.root)/transcription_results/.nids-sync.json"
            try site.cloud.put(claim, text: #"{"installation": "x", "machine": "another", "host": "mouette"}"#)
            expect(try await site.run("--once"), status: 78, says: "mouette", "--take-over")
            #expect(site.model.calls.isEmpty)
            try await site.run("--once", "--take-over").expect(status: 0)
            try await site.run("--once").expect(status: 0)
            #expect(site.model.calls.count == 1)
        }
    }

    private func expect(
        _ outcome: Outcome, status: Int32, says words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        outcome.expect(status: status, sourceLocation: sourceLocation)
        for word in words {
            #expect(outcome.text.contains(word), "\(word) in: \(outcome.text)", sourceLocation: sourceLocation)
        }
    }
}
