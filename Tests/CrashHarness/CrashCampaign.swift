import Foundation
import GRDB
import HarnessSupport
import ModelStandIn
import NextcloudStandIn
import TestSupport

/// Kills the program at random instants, again and again, while scans come and people work on the results; then lets it
/// finish, and checks what it promises.
public actor CrashCampaign {
    let plan: CrashPlan
    let surroundings: Surroundings
    let ledger: ModelLedger
    let scans: [PlannedScan]
    var generator: SeededGenerator
    var person: Person
    var report: CrashReport
    var requests = RequestAudit()
    var results: ResultAudit
    /// How many scans have come so far, in the plan's order.
    var dropped = 0
    /// Results that a run which ended by itself has seen: the program knows them as published.
    var settled: Set<String> = []
    /// Kills by scan, in runs that had to do with it.
    var deaths: [String: Int] = [:]
    /// Scans that the program has given up by its own rules.
    var givenUp: Set<String> = []
    var sheetTime = Duration.milliseconds(100)
    private var runs = 0
    /// How long a run takes that finds nothing to do; each sheet adds to it.
    private var idleTime = Duration.milliseconds(150)

    /// Runs a plan.
    /// - Throws: what keeps the harness itself from working; broken promises are in the report.
    public static func run(_ plan: CrashPlan) async throws -> CrashReport {
        let began = ContinuousClock.now
        let campaign = try await CrashCampaign(plan)
        do {
            try await campaign.killAgainAndAgain()
            try await campaign.finish()
            try await campaign.loseState()
        } catch {
            await campaign.surroundings.cloud.stop()
            throw error
        }
        await campaign.surroundings.cloud.stop()
        return await campaign.concluded(since: began)
    }

    private init(_ plan: CrashPlan) async throws {
        self.plan = plan
        surroundings = try await Surroundings(usesMariaDB: plan.usesMariaDB, hasDisk: plan.hasMishaps)
        ledger = ModelLedger(seed: plan.seed ^ 0xA5A5)
        generator = SeededGenerator(seed: plan.seed)
        scans = PlannedScan.plan(plan.sheets, using: &generator)
        person = Person(cloud: surroundings.cloud)
        results = ResultAudit(surroundings)
        report = CrashReport(seed: plan.seed)
    }

    private func concluded(since began: ContinuousClock.Instant) -> CrashReport {
        surroundings.disk?.unmount()
        report.scans = scans.count
        report.contents = Set(scans.map(\.sha256)).count
        report.modelCalls = ledger.calls.count
        report.edited = person.edits
        report.deleted = person.deletions
        report.written = scans.count { $0.written != nil }
        report.elapsed = .now - began
        return report
    }

    func note(_ violations: [String]) {
        for violation in violations where !report.violations.contains(violation) {
            report.violations.append(violation)
            plan.tell("BROKEN in run \(runs): \(violation)")
        }
    }

    private func killAgainAndAgain() async throws {
        var leaveNext = false
        while report.kills < plan.kills {
            // So many that the last come some time before the last kill.
            let due = min(scans.count, scans.count * (report.kills + 2) * 10 / (plan.kills * 9) + 1)
            if generator.happens(0.3) { try dropDue(due, mayBeWritten: true) }
            // A kill while nothing is to be done shows little.
            if try pending() == 0, generator.happens(0.8) {
                try dropDue(min(scans.count, due + 2, dropped + 2), mayBeWritten: true)
            }
            let end: ProgramRun.End
            if plan.hasMishaps, generator.happens(0.06) {
                end = try await runThroughMishaps(due: due)
            } else if leaveNext || generator.happens(0.06) {
                end = try await runOnce()
            } else {
                end = try await runToKill(due: due)
            }
            try await check(end)
            // Starts in a row that die on one sheet set it aside; that is promised, and would hide the rest here.
            leaveNext = plan.sparesThirdStart && hasStartsAtLimit()
        }
        if dropped < scans.count { try dropDue(scans.count, mayBeWritten: true) }
    }

    private func runToKill(due: Int) async throws -> ProgramRun.End {
        let pending = try pending()
        let isDaemon = generator.happens(pending > 0 ? 0.3 : 0.05)
        let lifetime = (idleTime + sheetTime * pending) * (isDaemon ? 1.3 : 1)
        let kill = KillInstant.random(lifetime: lifetime, pending: pending, using: &generator)
        addFaults()
        let meddling = generator.happens(0.3) ? generator.time(upTo: lifetime) : nil
        var hasMeddled = false
        let end = try await execute(isDaemon ? [] : ["--once", "--json"], kill, latest: isDaemon ? lifetime * 2 : nil) {
            elapsed in
            guard let meddling, !hasMeddled, elapsed >= meddling else { return }
            hasMeddled = true
            try self.meddle(due: due)
        }
        if meddling != nil, !hasMeddled { try meddle(due: due) }
        return end
    }

    /// A run that is left to its end.
    func runOnce() async throws -> ProgramRun.End {
        let present = Set(try surroundings.resultPaths())
        let pending = try pending()
        let end = try await execute(["--once", "--json"], nil, latest: nil) { _ in }
        if end.status == 0 { settled.formUnion(present) }
        if pending == 0 {
            idleTime = idleTime * 0.7 + end.duration * 0.3
        } else {
            sheetTime = sheetTime * 0.7 + max(.milliseconds(20), (end.duration - idleTime) / pending) * 0.3
        }
        return end
    }

    /// Scans that have no result yet.
    private func pending() throws -> Int {
        let deleted = person.doings.values.count { if case .deleted = $0 { true } else { false } }
        return max(0, dropped - deleted - (try surroundings.resultPaths().count))
    }

    /// One run with a stand-in for the model of its own.
    ///
    /// - Parameters:
    ///   - hangUp: when its terminal closes.
    ///   - wrapper: a program that becomes ours.
    func execute(
        _ arguments: [String], _ kill: KillInstant?, latest: Duration?, hangUp: Duration? = nil,
        wrapper: [String] = [], beside: (Duration) throws -> Void
    ) async throws -> ProgramRun.End {
        runs += 1
        let key = "key-of-run-\(runs)"
        let server = ModelStandInServer(
            ledger.configuration(run: runs, key: key, slowest: .milliseconds(30)))
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        try await eventually("the model's stand-in listens") { !server.baseURL.hasSuffix(":0") }
        let run = ProgramRun(number: runs, surroundings: surroundings, ledger: ledger)
        let variables = surroundings.variables(modelURL: server.baseURL, key: key)
        let end = try await run.run(
            ["/usr/bin/env", "--default-signal=HUP", "-i"] + variables + wrapper + [plan.program] + arguments,
            kill: kill, latest: latest,
            hangUp: hangUp, beside: beside)
        serving.cancel()
        _ = try? await serving.value
        report.lostAnswers += surroundings.cloud.requests.count { $0.method == "PUT" && $0.status == nil }
        surroundings.cloud.removeFaults()
        tell(end, arguments, kill)
        return end
    }

    private func tell(_ end: ProgramRun.End, _ arguments: [String], _ kill: KillInstant?) {
        let open = ledger.calls(run: runs).filter { ledger.excuse($0, grace: .zero) != nil }.map {
            $0.content.prefix(8)
        }
        let what = arguments.first ?? "daemon"
        if end.killed != nil {
            report.kills += 1
            report.phases[end.phase, default: 0] += 1
            plan.tell(
                "run \(runs) (\(what)): kill \(report.kills) \(kill?.description ?? "") at \(end.duration.milliseconds) ms"
                    + ", \(end.phase); open: \(open.isEmpty ? "none" : open.joined(separator: " "))")
        } else {
            report.finishedRuns += 1
            plan.tell("run \(runs) (\(what)): ended with \(end.status) after \(end.duration.milliseconds) ms")
        }
    }

    /// What must hold after every run.
    func check(_ end: ProgramRun.End) async throws {
        if end.killed == nil, end.status != 0, end.status != 1 {
            note(["run \(runs) ended with \(end.status): \(end.output.suffix(2000))"])
        }
        if end.killed != nil { noteDeaths() }
        note(requests.look(at: surroundings.cloud))
        note(try results.look(person))
        note(try await ObservationAudit(surroundings: surroundings).look(scans))
        note(askedTwice(in: runs))
    }

    /// Counts the death for every scan that the run had to do with.
    private func noteDeaths() {
        let contents = Set(ledger.calls(run: runs).map(\.content))
        let paths = surroundings.cloud.requests.compactMap { $0.path.removingPercentEncoding }
        for scan in scans.prefix(dropped) {
            let places = ["/" + scan.path, "/gemini_3_flash/" + scan.stem + "_result.json"]
            if contents.contains(scan.sha256)
                || paths.contains(where: { path in places.contains { path.hasSuffix($0) } })
            {
                deaths[scan.path, default: 0] += 1
            }
        }
    }

    private func askedTwice(in run: Int) -> [String] {
        let all = ledger.calls
        return ledger.calls(run: run).flatMap { call in
            all.filter { $0.content == call.content && $0.received < call.received }.compactMap { earlier in
                switch ledger.excuse(earlier, grace: plan.grace) {
                case .open?: return nil
                case .unstored(let age)?:
                    report.longestUnstored = max(report.longestUnstored, age)
                    return nil
                case nil:
                    return "\(call.content.prefix(8)) asked in run \(run), though run \(earlier.run) had its answer"
                }
            }
        }
    }

    func hasStartsAtLimit() -> Bool {
        // To choose when not to kill, and for nothing else; another release may count otherwise.
        let count = try? surroundings.reading("state.sqlite") { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM job WHERE starts >= 9 AND stage = 'asking'")
        }
        return (count ?? 0) ?? 0 > 0
    }
}
