import Foundation
import HarnessSupport

/// Runs that nobody kills, in which the machine fails instead: the log's reader goes away, the disk fills and is freed,
/// the terminal closes.
extension CrashCampaign {
    /// The time for which the disk stays full.
    private static let full = Duration.milliseconds(1200)

    /// The time in which a program has certainly begun to work and to heed signals; before, one ends it as it ends any
    /// other.
    private static let starting = Duration.milliseconds(1500)

    /// Runs a daemon through one or several of these.
    func runThroughMishaps(due: Int) async throws -> ProgramRun.End {
        try dropDue(min(scans.count, due + 2, dropped + 4), mayBeWritten: true)
        let closesLog = generator.happens(0.5)
        let fills = surroundings.disk != nil && generator.happens(0.7)
        // A disk that is full before it has begun is another case: the program ends, and says why.
        let filling = fills ? Self.starting + generator.time(upTo: .milliseconds(900)) : nil
        let hangUp =
            (filling.map { $0 + Self.full + .milliseconds(3000) } ?? Self.starting)
            + generator.time(upTo: .milliseconds(1500))
        var (isFull, wasFull) = (false, false)
        let end = try await execute(
            [], nil, latest: nil, hangUp: hangUp, wrapper: closesLog ? Self.closingLog : []
        ) { elapsed in
            guard let filling, let disk = self.surroundings.disk else { return }
            if !wasFull, elapsed >= filling {
                try disk.fill()
                (isFull, wasFull) = (true, true)
            } else if isFull, elapsed >= filling + Self.full {
                disk.free()
                isFull = false
            }
        }
        surroundings.disk?.free()
        report.hangUps += 1
        if closesLog { report.closedLogs += 1 }
        if wasFull { report.fullDisks += 1 }
        return end
    }

    /// Standard error of the program is a pipe that nobody reads after its first bytes.
    private static let closingLog = ["/bin/bash", "-c", "exec 2> >(head -c 60 > /dev/null); exec \"$0\" \"$@\""]
}
