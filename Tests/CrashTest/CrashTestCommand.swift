import ArgumentParser
import CrashHarness
import Foundation

/// The long run: kills the program hundreds of times and checks what it promises.
@main
struct CrashTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-test", abstract: "Kill nids-sync at random instants, then check every promise.")

    @Option(help: "How often it is killed.")
    var kills = 500

    @Option(help: "How many scans there are in the end.")
    var sheets = 200

    @Option(help: "Decides what is left to chance; a new one unless given.")
    var seed: UInt64?

    @Option(help: "The program; by default the one beside this.")
    var program: String?

    @Flag(name: .customLong("mariadb"), help: "Record in a MariaDB started for it, not in the state folder.")
    var usesMariaDB = false

    @Flag(help: "Kill also where that may set a sheet aside: the third start in a row that dies on it.")
    var merciless = false

    @Flag(help: "Say nothing of the single runs.")
    var quiet = false

    func run() async throws {
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var plan = CrashPlan(
            kills: kills, sheets: sheets, seed: seed ?? UInt64.random(in: 1...999_999),
            program: program ?? beside.appending(path: "nids-sync").path)
        plan.usesMariaDB = usesMariaDB
        plan.sparesThirdStart = !merciless
        plan.hasMishaps = true
        print("seed \(plan.seed)")
        if !quiet {
            plan.tell = { line in FileHandle.standardError.write(Data("\(line)\n".utf8)) }
        }
        let report = try await CrashCampaign.run(plan)
        print(report.text)
        if !report.violations.isEmpty { throw ExitCode(1) }
    }
}
