@testable import CrashHarness
import Foundation
import ModelStandIn
import NextcloudStandIn
import Testing

@Suite("killed at any instant")
struct CrashTests {
    @Test("thirty kills over forty sheets: nothing lost, nothing doubled, nothing overwritten, nothing paid for twice")
    func killedAgainAndAgain() async throws {
        let seed = ProcessInfo.processInfo.environment["NIDS_TEST_CRASH_SEED"].flatMap { UInt64($0) }
        let plan = CrashPlan(
            kills: 30, sheets: 40, seed: seed ?? UInt64.random(in: 1...999_999), program: Program.path)
        let report = try await Places.taking { try await CrashCampaign.run(plan) }
        #expect(report.violations.isEmpty, "NIDS_TEST_CRASH_SEED=\(plan.seed): \(report.text)")
        // Some more while it works without its state.
        #expect(report.kills >= 30)
        #expect(report.results > 30)
    }

    @Test("the harness sees that a program which does nothing keeps no promise")
    func idleProgram() async throws {
        let plan = CrashPlan(kills: 0, sheets: 3, seed: 1, program: "/bin/true")
        let report = try await Places.taking { try await CrashCampaign.run(plan) }
        #expect(report.violations.count { $0.hasPrefix("no result of") } == 3)
        #expect(report.violations.count { $0.hasPrefix("not recorded") } == 3)
        #expect(report.violations.contains { $0.hasSuffix("never asked") })
    }

    @Test("the harness sees a result that is overwritten, one that is lost, and one that is brought back")
    func changedResults() async throws {
        let surroundings = try await Surroundings()
        let cloud = surroundings.cloud
        var person = Person(cloud: cloud)
        var audit = ResultAudit(surroundings)
        for name in ["a", "b", "c", "d"] { try cloud.put(Surroundings.results + "/\(name)", text: name) }
        try person.delete(Surroundings.results + "/c")
        #expect(try audit.look(person) == [])
        try cloud.put(Surroundings.results + "/a", text: "other")
        try cloud.delete(Surroundings.results + "/b")
        try cloud.put(Surroundings.results + "/c", text: "c")
        #expect(
            try audit.look(person).sorted() == [
                "brought back after a person deleted it: \(Surroundings.results)/c",
                "lost: \(Surroundings.results)/b", "overwritten: \(Surroundings.results)/a",
            ])
        await cloud.stop()
    }

    @Test("the harness excuses another request where the first was open at the kill, and nowhere else")
    func excuses() async throws {
        let ledger = ModelLedger(seed: 1)
        let now = ContinuousClock.now
        func call(answered: Duration?) -> ModelLedger.Call {
            ModelLedger.Call(run: 1, content: "x", received: now, answered: answered.map { now + $0 })
        }
        let grace = Duration.milliseconds(500)
        // A run that was not killed excuses nothing.
        #expect(ledger.excuse(call(answered: nil), grace: grace) == nil)
        ledger.noteKill(run: 1, at: now + .seconds(2))
        #expect(ledger.excuse(call(answered: nil), grace: grace) == .open)
        #expect(ledger.excuse(call(answered: .seconds(3)), grace: grace) == .open)
        #expect(ledger.excuse(call(answered: .milliseconds(1900)), grace: grace) == .unstored(.milliseconds(100)))
        #expect(ledger.excuse(call(answered: .seconds(1)), grace: grace) == nil)
    }
}

/// What the harness found, as tests of their own.
@Suite("what killing found")
struct CrashFindingTests {
    @Test("an edited result that is adopted without the state is recorded with its scan's digest, as before")
    func editedAdopted() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let ours = String(decoding: try #require(try site.cloud.bytes(at: site.resultPath("a"))), as: UTF8.self)
            try site.cloud.put(
                site.resultPath("a"), text: ours.replacing("\"remarque\": null", with: "\"remarque\": \"corrigé\""))
            try await site.run("--once").expect(status: 0)
            let observations = ObservationsFile(path: site.databaseFile)
            let tables = try observations.tables()
            for name in try FileManager.default.contentsOfDirectory(atPath: site.state)
            where name.hasPrefix("state.sqlite") {
                try FileManager.default.removeItem(atPath: site.state + "/" + name)
            }
            try await site.run("--once").expect(status: 0)
            #expect(try observations.rows("SELECT sha256 FROM nids_pages") == [[Scan.sha256(Scan.small("jpeg/a.jpg"))]])
            #expect(try observations.tables() == tables)
        }
    }

    @Test(
        "without the state a scan finds its result under its longer name, though the plain one is free or another's",
        arguments: [true, false])
    func longerName(isResultDeleted: Bool) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            try site.putScans("jpeg/a.jpeg")
            try await site.run("--once").expect(status: 0)
            #expect(try site.cloud.bytes(at: site.resultPath("a.jpeg")) != nil)
            // The first goes; its name is free, or its result stays behind.
            try site.cloud.delete("\(site.root)/jpeg/a.jpg")
            if isResultDeleted { try site.cloud.delete(site.resultPath("a")) }
            try await site.run("--once").expect(status: 0)
            let results = try site.cloud.results()
            try FileManager.default.removeItem(atPath: site.state)

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == 0)
            #expect(try outcome.count("adopted") == 1)
            #expect(try site.cloud.results() == results)
            #expect(site.model.calls.count == 2)
        }
    }
}
