import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("--json")
struct JSONOutputTests {
    private static let promised = [
        "discovered", "transcribed", "published", "recorded", "failed", "waiting", "unchanged", "http_requests",
        "duration_ms",
    ]

    @Test("success, failed sheets, refusals and wrong settings each give one object with every promised key")
    func everyExit() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try expectObject(status: 0, try await site.run("--once", "--json"))
            try expectObject(status: 0, try await site.run("--dry-run", "--json"))

            try site.put("jpeg/text.jpg", Array("Ceci n'est pas une image.".utf8))
            let failed = try await site.run("--once", "--json")
            try expectObject(status: 1, failed)
            #expect(try failed.count("failed") == 1)

            let refused = try await site.run("--once", "--json", with: ["NIDS_NEXTCLOUD_PASSWORD": "wrong-password"])
            try expectObject(status: 77, refused)
            #expect(try refused.summary()["error"]?.string?.contains("app password") == true)

            let changed = try await site.run("--once", "--json", with: ["NIDS_NEXTCLOUD_URL": "http://127.0.0.1:1"])
            try expectObject(status: 78, changed)
            let unavailable = try await site.run(
                "--once", "--json", "--accept-change", with: ["NIDS_NEXTCLOUD_URL": "http://127.0.0.1:1"])
            try expectObject(status: 69, unavailable)
            try expectObject(status: 78, try await site.run("--once", "--json", with: ["NIDS_NEXTCLOUD_ROOT": nil]))
        }
    }

    @Test(
        "wrong usage is 64, with a word on standard error and nothing on standard output",
        arguments: [
            ["--once", "--json", "--limit", "0"], ["--once", "--json", "--limit", "many"],
            ["--once", "--json", "--nonsense"],
            ["--json"], ["--path", "jpeg"], ["--limit", "3"], ["nonsense"],
            ["--once", "--json", "--path", "../elsewhere"],
        ])
    func usage(arguments: [String]) async throws {
        let folder = try TemporaryDirectory()
        // Complete settings: what is wrong is the command line.
        let environment = [
            "HOME": folder.path, "NIDS_NEXTCLOUD_URL": "http://127.0.0.1:1", "NIDS_NEXTCLOUD_USER": "robin",
            "NIDS_NEXTCLOUD_PASSWORD": "x", "NIDS_NEXTCLOUD_ROOT": "Nids", "NIDS_STATE_DIRECTORY": folder.file("state"),
        ]
        let outcome = try await Program.run(arguments, environment: environment, folder: folder.path)
        outcome.expect(status: 64)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    private func expectObject(status: Int32, _ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        outcome.expect(status: status, sourceLocation: sourceLocation)
        let summary = try outcome.summary()
        for key in Self.promised {
            #expect(summary[key]?.integer != nil, "\(key) in \(outcome.output)", sourceLocation: sourceLocation)
        }
        #expect(summary["exit_status"]?.integer == Int(status), sourceLocation: sourceLocation)
    }
}
