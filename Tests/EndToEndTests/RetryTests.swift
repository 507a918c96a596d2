import Foundation
import GRDB
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("retry")
struct RetryTests {
    private static let quick: [String: String?] = ["NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms"]
    private static let withoutSecrets = StatusTests.withoutSecrets

    private func retry(_ site: Site<NextcloudStandIn>, _ arguments: String...) async throws -> Outcome {
        try await Program.run(
            ["retry"] + arguments, environment: ["HOME": site.folder.path, "NIDS_STATE_DIRECTORY": site.state],
            folder: site.folder.path)
    }

    @Test("exactly one of the ways to say what is tried again")
    func usage() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try await retry(site).expect(status: 64)
            try await retry(site, "--failed", "--outdated").expect(status: 64)
            try await retry(site, "--failed", "--yes").expect(status: 64)
            let nothing = try await retry(site, "--failed", "--json")
            nothing.expect(status: 0)
            #expect(try nothing.count("retried") == 0)
            #expect(nothing.errors.contains("There is no state"))
            #expect(FolderSnapshot(site.state).entries.isEmpty)
        }
    }

    @Test("beside a daemon a sheet that failed is tried again within moments, and without any password")
    func daemon() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.model.configure { $0.answer = { _ in .refused(finishReason: "SAFETY") } }
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("it has failed") {
                    let status = try await site.run("status", "--json", with: Self.withoutSecrets)
                    return try status.summary()["sheets"]?["failed"]?.integer == 1
                }
                let calls = site.model.calls.count
                site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
                let unknown = try await retry(site, "jpeg/b.jpg")
                unknown.expect(status: 64)
                #expect(unknown.errors.contains("jpeg/b.jpg"))
                let retried = try await retry(site, "--json", "jpeg/a.jpg")
                retried.expect(status: 0)
                #expect(try retried.count("retried") == 1)
                #expect(try retried.summary()["running"] == true)
                try await soon("it is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                #expect(site.model.calls.count == calls + 1)
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
        }
    }

    @Test("beside a daemon a model that rests is asked again")
    func paused() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.model.configure {
                $0.answer = { _ in
                    .fault(
                        .quotaExceeded(
                            quotaIDs: ["GenerateRequestsPerDayPerProjectPerModel-FreeTier"], limit: 20,
                            model: "gemini-3.8-flash", retryDelay: nil))
                }
            }
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("it rests") {
                    let status = try await site.run("status", "--json", with: Self.withoutSecrets)
                    return try status.summary()["models"]?.array?.first?["pause"]?.object != nil
                }
                site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
                let retried = try await retry(site, "--failed", "--json")
                #expect(try retried.summary()["models_woken"]?.array == ["gemini_3_flash"])
                try await soon("it is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
        }
    }

    @Test("a deleted result comes back at no cost")
    func republish() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let bytes = try site.cloud.bytes(at: site.resultPath("a"))
            try site.cloud.delete(site.resultPath("a"))
            try await site.run("--once").expect(status: 0)
            let retried = try await retry(site, "--republish")
            retried.expect(status: 0)
            #expect(retried.output == "1 sheet will be tried again at the next pass\n")
            try await site.run("--once").expect(status: 0)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == bytes)
            #expect(site.model.calls.count == 1)
            #expect(try ObservationsFile(path: site.databaseFile).rows("SELECT count(*) FROM nids_v_fiches") == [["1"]])
        }
    }

    @Test("what costs money is not done unless somebody says so")
    func outdated() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let queue = try DatabaseQueue(path: site.state + "/state.sqlite")
            try await queue.write { try $0.execute(sql: "UPDATE answer SET prompt_version = 0") }
            try queue.close()
            let refused = try await retry(site, "--outdated")
            refused.expect(status: 64)
            #expect(refused.errors.contains("1 answer of gemini_3_flash will be asked for anew: about 0.0"))
            #expect(refused.errors.contains("--yes"))
            #expect(try await site.run("--once", "--json").count("transcribed") == 0)
            try await retry(site, "--outdated", "--yes").expect(status: 0)
            #expect(try await site.run("--once", "--json").count("transcribed") == 1)
            #expect(site.model.calls.count == 2)
            try await retry(site, "--outdated").expect(status: 0)
        }
    }
}
