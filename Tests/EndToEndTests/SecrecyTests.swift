import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("secrets at trace level")
struct SecrecyTests {
    private static let secrets = [
        "Geheim:wort/42+é", Secrets.geminiKey, "sk-Open-Secret-4242424242", "Daten!bank§Wort77",
    ]

    private static func spellings(_ user: String) -> [[UInt8]] {
        let plain = secrets + secrets.map { "\(user):\($0)" }
        let encoded = secrets.compactMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }
        let logins = plain.map { Data($0.utf8).base64EncodedString() }
        return (plain + encoded + logins).map { Array($0.utf8) }
    }

    private func expectNone(_ bytes: [UInt8], _ user: String, _ place: String) {
        let data = Data(bytes)
        for spelling in Self.spellings(user) where data.range(of: Data(spelling)) != nil {
            Issue.record("a secret is in \(place)")
        }
    }

    /// Every file below a folder.
    private func expectNone(below folder: String, _ user: String) throws {
        let names = try #require(FileManager.default.enumerator(atPath: folder))
        var count = 0
        while let name = names.nextObject() as? String {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            expectNone(Array(bytes), user, name)
            count += 1
        }
        #expect(count > 0)
    }

    @Test("they are in no output, no file of the state, no process list, and no request to another host")
    func nowhere() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            try await ScriptedServer.answering({ _ in
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            }) { other in
                let variables: [String: String?] = [
                    "NIDS_LOG_LEVEL": "trace", "NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms",
                    "NIDS_TRANSCRIPTION_OPENAI_API_KEY": Self.secrets[2],
                ]
                let gate = Signal()
                defer { gate.fire() }
                site.holdModel(until: gate)
                let daemon = try await site.run(with: variables) { program in
                    try await soon("the model is asked") { site.model.calls.count == 2 }
                    let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
                    for task in tasks {
                        let line = FileManager.default.contents(atPath: "/proc/\(task)/cmdline").map { Array($0) } ?? []
                        // The tests' own arguments name no secret either.
                        expectNone(line, site.cloud.user, "the process list")
                    }
                    gate.fire()
                    try await soon("both are done") {
                        try site.cloud.files().count { $0.hasSuffix("_result.json") } == 2
                    }
                    // Sent elsewhere, the program goes there without what it knows, or not at all.
                    for effect: Fault.Effect in [
                        .status(302, headers: ["Location": other.url + "/remote.php/dav/"]),
                        .status(307, headers: ["Location": other.url + "/?x=1"]),
                        .status(401), .status(503), .cutBeforeAnswer,
                    ] {
                        site.cloud.addFault(Fault(effect: effect))
                    }
                    try site.putScans("jpeg/c.jpg")
                    try await soon("the third is done, too") {
                        try site.cloud.files().count { $0.hasSuffix("_result.json") } == 3
                    }
                    try program.send(SIGTERM)
                }
                daemon.expect(status: 0)
                expectNone(Array(daemon.text.utf8), site.cloud.user, "the log")
                site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
                try site.putScans("jpeg/d.jpg")
                let places: [[String: String?]] = [
                    ["NIDS_TRANSCRIPTION_GEMINI_BASE_URL": other.url], ["NIDS_NEXTCLOUD_URL": other.url],
                    [
                        "DB_HOST": "127.0.0.1", "DB_PORT": "\(other.port)", "DB_NAME": "nids", "DB_USER": "nids",
                        "DB_PASSWORD": Self.secrets[3],
                    ],
                ]
                for changes in places {
                    let outcome = try await site.run(
                        "--once", "--json", with: variables.merging(changes) { $1 }, limit: .seconds(150))
                    expectNone(Array(outcome.text.utf8), site.cloud.user, "the output")
                }
                for command in [["status"], ["status", "--json"], ["retry", "--failed"]] {
                    let outcome = try await Program.run(
                        command, environment: site.environment.merging(["NIDS_LOG_LEVEL": "trace"]) { $1 },
                        folder: site.folder.path)
                    expectNone(Array(outcome.text.utf8), site.cloud.user, "\(command)")
                }
                try expectNone(below: site.state, site.cloud.user)
                for request in other.requests {
                    let isModels = request.target.contains("generateContent")
                    let text = request.headers.filter { !isModels || $0.name.lowercased() != "x-goog-api-key" }
                        .map { "\($0.name): \($0.value)" }
                    expectNone(
                        Array("\(request.target)\n\(text.joined(separator: "\n"))".utf8), site.cloud.user,
                        "a request elsewhere")
                }
            }
        }
    }
}
