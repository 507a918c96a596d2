import Foundation
import PeopleHarness
import Testing

@Suite("two people and the program in one folder")
struct PeopleHistoryTests {
    private func play(_ program: String, histories: Int, steps: Int, seed: UInt64) async throws -> PeopleReport {
        let cloud = try await StandInPeople()
        var plan = PeoplePlan(server: try await cloud.server.probed(), program: program, seed: seed)
        (plan.histories, plan.steps, plan.parallel) = (histories, steps, 2)
        let report = try await PeopleCampaign.run(plan)
        await cloud.stop()
        return report
    }

    private static let seed = ProcessInfo.processInfo.environment["NIDS_TEST_PEOPLE_SEED"].flatMap { UInt64($0) }

    /// Minutes of what chance brings are for `make people-test`; here a history is played again that it found.
    @Test("the histories of a seed on the stand-in: every promise is kept", .enabled(if: seed != nil))
    func histories() async throws {
        let seed = try #require(Self.seed)
        let report: PeopleReport = try await Places.taking {
            try await play(Program.path, histories: 2, steps: 20, seed: seed)
        }
        #expect(report.isKept, "NIDS_TEST_PEOPLE_SEED=\(seed): \(report.text)")
        #expect(report.histories.allSatisfy { $0.unjudged == nil })
    }

    @Test("the harness sees that a program which does nothing keeps no promise")
    func idleProgram() async throws {
        let report: PeopleReport = try await Places.taking {
            try await play("/bin/true", histories: 1, steps: 8, seed: 1)
        }
        #expect(!report.isKept)
        let broken = report.histories.flatMap(\.broken)
        #expect(broken.contains { $0.hasPrefix("silently skipped") })
        #expect(broken.contains { $0.hasPrefix("it does not come to rest") })
    }
}
