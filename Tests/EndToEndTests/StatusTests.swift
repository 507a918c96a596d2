import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("status")
struct StatusTests {
    /// Nothing that a person's own shell would not have.
    static let withoutSecrets: [String: String?] = [
        "NIDS_NEXTCLOUD_URL": nil, "NIDS_NEXTCLOUD_USER": nil, "NIDS_NEXTCLOUD_PASSWORD": nil,
        "NIDS_NEXTCLOUD_ROOT": nil, "GEMINI_API_KEY": nil, "NIDS_TRANSCRIPTION_GEMINI_BASE_URL": nil,
    ]

    @Test("without a state it says how to begin, and makes none")
    func nothing() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let words = try await site.run("status", with: Self.withoutSecrets)
            words.expect(status: 0)
            #expect(words.output.contains("There is no state in \(site.state) yet"))
            let json = try await site.run("status", "--json", with: Self.withoutSecrets)
            json.expect(status: 0)
            #expect(try json.summary()["state"]?["exists"] == false)
            #expect(FolderSnapshot(site.state).entries.isEmpty)
            #expect(site.cloud.requests.isEmpty)
        }
    }

    @Test("it needs no password and no server, tells what was done and what it cost, and writes nothing")
    func done() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            try site.put("jpeg/texte.jpg", Array("no picture".utf8))
            try await site.run("--once").expect(status: 1)
            let before = FolderSnapshot(site.state)
            site.cloud.resetRequests()
            var settings = Self.withoutSecrets
            settings["NIDS_TRANSCRIPTION_MONTHLY_BUDGET"] = "25"
            let words = try await site.run("status", with: settings)
            words.expect(status: 0)
            #expect(words.output.contains("jpeg/texte.jpg (gemini_3_flash)"))
            let outcome = try await site.run("status", "--json", with: settings)
            outcome.expect(status: 0)
            let json = try outcome.summary()
            #expect(json["sheets"]?["done"]?.integer == 2)
            #expect(json["sheets"]?["failed"]?.integer == 1)
            #expect(json["running"] == .null)
            #expect(json["nextcloud"]?["root"]?.string == site.root)
            let model = try #require(json["models"]?.array?.first)
            #expect(model["model"]?.string == "gemini_3_flash")
            #expect(model["answers"]?.integer == 2)
            #expect(json["money"]?["budget"]?.integer == 25)
            #expect(FolderSnapshot(site.state).differences(from: before) == [])
            #expect(site.cloud.requests.isEmpty)
        }
    }

    @Test("--to-review lists what deserves a look first, with reasons, as words and as JSON")
    func toReview() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let nothing = try await site.run("status", "--to-review", with: Self.withoutSecrets)
            nothing.expect(status: 0)
            #expect(nothing.output.contains("No sheet needs a second look"))
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "jpeg/c.jpg")
            try await site.run("--once").expect(status: 0)
            let json = try await site.run("status", "--to-review", "--json", with: Self.withoutSecrets)
            json.expect(status: 0)
            let count = try #require(try json.summary()["count"]?.integer)
            let sheets = try #require(try json.summary()["to_review"]?.array)
            #expect(count == sheets.count)
            let priorities = sheets.compactMap { $0["priority"]?.integer }
            #expect(priorities == priorities.sorted(by: >) && priorities.allSatisfy { (1...100).contains($0) })
            #expect(sheets.allSatisfy { $0["reasons"]?.array?.isEmpty == false })
            let words = try await site.run("status", "--to-review", "--limit", "1", with: Self.withoutSecrets)
            words.expect(status: 0)
            if let first = sheets.first?["path"]?.string { #expect(words.output.contains(first)) }
            try await site.run("status", "--limit", "1", with: Self.withoutSecrets).expect(status: 64)
        }
    }

    @Test("it needs no room for a copy, and no temporary folder")
    func withoutCopy() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            for arguments in [["status"], ["status", "--json"]] {
                let outcome = try await Program.run(
                    arguments, environment: site.environment.merging(["TMPDIR": "/nonexistent"]) { $1 },
                    folder: site.folder.path)
                outcome.expect(status: 0)
                #expect(outcome.output.contains("gemini_3_flash"))
            }
        }
    }

    @Test("its lists are whole in --json, however long, in one object")
    func longLists() async throws {
        try await Site<NextcloudStandIn>.run { site in
            for number in 0..<60 { try site.put("jpeg/texte \(number)\".jpg", Array("no picture \(number)".utf8)) }
            try await site.run("--once").expect(status: 1)
            let json = try await site.run("status", "--json").summary()
            #expect(json["failures"]?.array?.count == 60)
            #expect(json["sheets"]?["failed"]?.integer == 60)
            let words = try await site.run("status")
            #expect(words.output.contains("and 40 more"))
        }
    }

    @Test("a pipe that its owner does not want to wait for is waited for")
    func nonblocking() async throws {
        try await Site<NextcloudStandIn>.run { site in
            for number in 0..<120 { try site.put("jpeg/texte \(number).jpg", Array("no picture \(number)".utf8)) }
            try await site.run("--once").expect(status: 1)
            let slow = """
                import fcntl, os, subprocess, sys
                end, start = os.pipe()
                fcntl.fcntl(start, 1031, 4096)
                fcntl.fcntl(start, fcntl.F_SETFL, fcntl.fcntl(start, fcntl.F_GETFL) | os.O_NONBLOCK)
                child = subprocess.Popen(sys.argv[1:], stdout=start)
                os.close(start)
                while piece := os.read(end, 4096): os.write(1, piece)
                sys.exit(child.wait())
                """
            let outcome = try await site.run("status", "--json", within: ["python3", "-c", slow])
            outcome.expect(status: 0)
            #expect(try outcome.summary()["failures"]?.array?.count == 120)
        }
    }

    @Test("beside a daemon it names its process")
    func daemon() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let gate = Signal()
            defer { gate.fire() }
            site.holdModel(until: gate)
            let outcome = try await site.run(with: ["NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms"]) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                let status = try await site.run("status", "--json", with: Self.withoutSecrets)
                status.expect(status: 0)
                let json = try status.summary()
                #expect(json["running"]?["process"]?.string == "\(program.identifier)")
                #expect(json["models"]?.array?.first?["requests_under_way"]?.integer == 1)
                gate.fire()
                try await soon("it is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
        }
    }

    @Test("what is no state is an error that says so", arguments: [["status"], ["retry", "--failed"]])
    func damaged(command: [String]) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try FileManager.default.createDirectory(atPath: site.state, withIntermediateDirectories: true)
            try Data("no database, but long enough to be looked at".utf8).write(
                to: URL(filePath: site.state + "/state.sqlite"))
            let outcome =
                command.count == 1
                ? try await site.run(command[0], with: Self.withoutSecrets)
                : try await site.run(command[0], command[1], with: Self.withoutSecrets)
            outcome.expect(status: 78)
            #expect(outcome.errors.contains(site.state))
        }
    }
}
