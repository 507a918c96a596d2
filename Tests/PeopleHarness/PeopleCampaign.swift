import Foundation

/// Plays histories, some at the same time.
public enum PeopleCampaign {
    /// Plays those of a plan.
    /// - Throws: what keeps the harness itself from working; broken promises are in the report.
    public static func run(_ plan: PeoplePlan) async throws -> PeopleReport {
        let began = ContinuousClock.now
        var report = PeopleReport()
        try await withThrowingTaskGroup(of: PeopleReport.Played.self) { group in
            var next = 0
            func begin() {
                guard next < plan.histories else { return }
                let seed = plan.seed &+ UInt64(next)
                next += 1
                group.addTask { try await History.play(plan, seed: seed) }
            }
            for _ in 0..<max(1, plan.parallel) { begin() }
            while let played = try await group.next() {
                report.histories.append(played)
                plan.tell(line(of: played))
                if let courses = plan.courses {
                    try Data(played.text.utf8).write(to: URL(filePath: "\(courses)/seed-\(played.seed).txt"))
                }
                // At once: a long run may be broken off.
                if !played.broken.isEmpty { plan.tell(played.text) }
                begin()
            }
        }
        report.elapsed = .now - began
        return report
    }

    private static func line(of played: PeopleReport.Played) -> String {
        let outcome =
            played.unjudged.map { "not judged: \($0)" }
            ?? (played.broken.isEmpty ? "kept" : "BROKEN: \(played.broken.joined(separator: "; "))")
        return "seed \(played.seed): \(played.runs) runs, \(played.calls) requests of the model, "
            + "\(played.elapsed.components.seconds) s: \(outcome)"
    }
}
