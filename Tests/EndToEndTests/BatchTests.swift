import Foundation
import ModelStandIn
import NextcloudStandIn
import Synchronization
import TestSupport
import Testing

@Suite("an archive in batches")
struct BatchTests {
    private static let sheets =
        ProcessInfo.processInfo.environment["NIDS_TEST_BATCH_SHEETS"].flatMap { Int($0) } ?? 200

    @Test("a twentieth of the lines fails and the program is killed three times: all delivered, nothing paid for twice")
    func killed() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let names = (1...Self.sheets).map { "jpeg/lot \($0 % 7)/fiche \($0).jpg" }
            try site.putScans(names)
            let failing = Set(
                names.enumerated().filter { $0.offset % 20 == 3 }.map { Scan.sha256(Scan.small($0.element)) })
            let answered = Mutex<[String: Int]>([:])
            let alone = Mutex<[String: Int]>([:])
            let made = Signal()
            let later = Mutex(0.0)
            site.model.configure { configuration in
                configuration.clock = { Date().addingTimeInterval(later.withLock { $0 }) }
                configuration.batchDuration = 3600
                configuration.answer = { call in
                    let digest = call.inline.first?.sha256 ?? ""
                    if call.key != nil, failing.contains(digest) { return .overloaded }
                    if call.key == nil {
                        alone.withLock { $0[digest, default: 0] += 1 }
                    } else {
                        answered.withLock { $0[digest, default: 0] += 1 }
                    }
                    return .text(SampleFiche.json(for: call))
                }
                // The batch is made, and the program never hears of it.
                configuration.replace = { incoming in
                    guard incoming.path.hasSuffix(":batchGenerateContent"), !made.hasFired else { return nil }
                    made.fire()
                    return .hang
                }
            }
            let budget = ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "unlimited"]
            _ = try await site.run("--once", "--batch", with: budget) { program in
                try await soon("some scans are gathered") { site.cloud.requests.count { $0.method == "GET" } > 40 }
                try program.send(SIGKILL)
            }
            #expect(site.model.batches.isEmpty)
            _ = try await site.run("--once", "--batch", with: budget) { program in
                await made.wait()
                try program.send(SIGKILL)
            }
            #expect(site.model.batches.count == 1)
            later.withLock { $0 = 4000 }
            _ = try await site.run("--once", "--batch", with: budget) { program in
                try await soon("some results are there") {
                    site.cloud.requests.count { $0.method == "PUT" && $0.path.hasSuffix("_result.json") } > 30
                }
                try program.send(SIGKILL)
            }
            for _ in 0..<5 {
                let outcome = try await site.run("--once", "--batch", "--json", with: budget)
                outcome.expect(status: 0)
                if try outcome.count("waiting") == 0 { break }
            }
            let results = try site.cloud.files().count { $0.hasSuffix("_result.json") }
            #expect(results == Self.sheets)
            #expect(
                try ObservationsFile(path: site.databaseFile).rows("SELECT count(*) FROM nids_v_fiches")
                    == [["\(Self.sheets)"]])
            #expect(site.model.batches.count == 1)
            #expect(answered.withLock { $0.values.allSatisfy { $0 == 1 } }, "a line was paid for twice")
            // One was read by itself before the batch, to see that the model reads.
            let (single, lines) = (alone.withLock { Set($0.keys) }, answered.withLock { Set($0.keys) })
            #expect(single.subtracting(failing).count <= 1, "only failing lines are asked about by themselves")
            #expect(failing.isSubset(of: single) && single.union(lines).count == Self.sheets)
            #expect(single.isDisjoint(with: lines))
            // What was being asked at the moment of the kill, and no more than are asked at once at first.
            #expect(alone.withLock { $0.values.reduce(0, +) } <= failing.count + 9)
            let idle = try await site.run("--once", "--batch", "--json", with: budget)
            #expect(try idle.count("http_requests") == 1)
        }
    }

    @Test("a daemon told to use batches sends one, collects it, and asks nothing else")
    func daemon() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let settings: [String: String?] = [
                "NIDS_TRANSCRIPTION_BATCH": "true", "NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms",
            ]
            try await site.run("--once", with: settings).expect(status: 0)
            #expect(site.model.batches.count == 1)
            let outcome = try await site.run(with: settings) { program in
                try await soon("both are done") {
                    try site.cloud.bytes(at: site.resultPath("a")) != nil
                        && site.cloud.bytes(at: site.resultPath("b")) != nil
                }
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 2)
            #expect(site.model.calls.allSatisfy { $0.key != nil })
        }
    }

    @Test("--batch goes with --once alone")
    func usage() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try await site.run("--batch").expect(status: 64)
        }
    }
}
