import Foundation
import GRDB
import HarnessSupport
import NextcloudStandIn

extension CrashCampaign {
    /// Lets the program do what is left, and checks everything.
    func finish() async throws {
        plan.tell("no more kills")
        var end = try await runOnce()
        try await check(end)
        for _ in 0..<5 where end.status != 0 {
            end = try await runOnce()
            try await check(end)
        }
        if end.status != 0 { note(["it does not come to an end: \(end.output.suffix(1000))"]) }
        let (again, requests) = try await runIdle()
        let summary = again.summary
        if summary?["http_requests"] as? Int != 1 || summary?["transcribed"] as? Int != 0 {
            note(["with nothing to do it is not idle: \(requests.prefix(9)) \(again.output.suffix(600))"])
        }
        try await checkEverything()
    }

    /// Runs until there is nothing left to look at, and answers the last run with the requests it made.
    ///
    /// The first run looks at what people did while we wrote: the interval after which it does so has passed by then.
    /// A result read within the second of its writing is read once more when its ETag has settled, so a run right after
    /// may still have that to do: one poll, and one GET of each such result, never two.
    private func runIdle() async throws -> (end: ProgramRun.End, requests: [String]) {
        try await Task.sleep(for: Surroundings.walkInterval)
        try await check(try await runOnce())
        var settled: Set<String> = []
        let patience = ContinuousClock.now + .seconds(10)
        while true {
            let end = try await runOnce()
            let requests = surroundings.cloud.requests.map { "\($0.method) \($0.depth ?? "") \($0.path)" }
            try await check(end)
            for request in requests.dropFirst() {
                let isResult = request.hasPrefix("GET ") && request.hasSuffix("_result.json")
                if !isResult || !settled.insert(request).inserted {
                    note(["with nothing to do it is not idle: \(request) \(end.output.suffix(600))"])
                }
            }
            let isIdle = end.summary?["http_requests"] as? Int == 1
            if isIdle || ContinuousClock.now > patience { return (end, requests) }
        }
    }

    private func checkEverything() async throws {
        let aside = try setAside()
        givenUp = Set(aside.keys)
        let (places, violations) = try results.sources(scans, person)
        note(violations)
        report.results = places.values.reduce(0) { $0 + $1.count }
        for scan in scans where aside[scan.path] == nil {
            let count = places[scan.path]?.count ?? 0
            if count > 1 { note(["\(count) results of \(scan.path)"]) }
            if count == 0, !isDeleted(scan) { note(["no result of \(scan.path)"]) }
        }
        let files = try surroundings.resultPaths().count
        if files != report.results { note(["\(files) files among the results, of \(report.results) sheets"]) }
        let worked = scans.filter { aside[$0.path] == nil }
        note(try await ObservationAudit(surroundings: surroundings).compare(worked, places, person))
        countCalls(aside)
        checkOutside()
    }

    /// A person deleted the result that a scan had.
    private func isDeleted(_ scan: PlannedScan) -> Bool {
        let folder = Surroundings.results + "/" + scan.folder + "/gemini_3_flash/"
        return [scan.stem, scan.name].contains { name in
            if case .deleted? = person.doings[folder + name + "_result.json"] { true } else { false }
        }
    }

    /// Sheets given up after three lost requests, or three starts that died: promised, and told apart here.
    private func setAside() throws -> [String: String] {
        let rows =
            (try? surroundings.reading("state.sqlite") { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT CAST(scan.path AS TEXT) AS path, job.failure FROM job
                        JOIN scan ON scan.sheet_id = job.sheet_id WHERE job.stage = 'failed'
                        """
                ).map { ($0["path"] as String, $0["failure"] as String? ?? "") }
            }) ?? []
        let contents = Dictionary(scans.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        for (path, reason) in rows {
            let seen = contents[path].map { ledger.lost($0) } ?? 0
            let asked = contents[path].map { ledger.callsInKilledRuns($0) } ?? 0
            let died = deaths[path] ?? 0
            report.setAside.append("\(path): \(reason) (seen: \(seen) open requests at kills, \(died) deaths)")
            // A request may be noted and not yet sent, or sent and not yet received: nobody can see it then.
            let isSilence = reason.contains("without an answer") && (seen >= 1 || asked >= 3)
            let isByRule = isSilence || reason.contains("died") && died >= 10
            if !isByRule { note(["failed: \(path): \(reason)"]) }
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    private func countCalls(_ aside: [String: String]) {
        let calls = Dictionary(grouping: ledger.calls, by: \.content)
        for (content, group) in Dictionary(grouping: scans, by: \.sha256) {
            let count = calls[content]?.count ?? 0
            let isWritten = group.allSatisfy { $0.written != nil }
            if isWritten, count > 0 { note(["\(content.prefix(8)) asked, though a person wrote its result before"]) }
            if !isWritten, count == 0, group.contains(where: { aside[$0.path] == nil && $0.written == nil }) {
                note(["\(content.prefix(8)) never asked"])
            }
            if count > 1 {
                let runs = (calls[content] ?? []).map { call in
                    switch ledger.excuse(call, grace: plan.grace) {
                    case .open?: "run \(call.run) (open at its kill)"
                    case .unstored(let age)?: "run \(call.run) (killed \(age.milliseconds) ms after the answer)"
                    case nil: "run \(call.run)"
                    }
                }
                report.askedAgain.append("\(content.prefix(8)): \(runs.joined(separator: ", "))")
            }
        }
        report.askedAgain.sort()
        for content in calls.keys where !scans.contains(where: { $0.sha256 == content }) {
            note(["\(content.prefix(8)) asked, which is no scan's content"])
        }
    }

    /// The scans are as they were dropped, and nothing else is there.
    private func checkOutside() {
        let files = (try? surroundings.cloud.paths(below: Surroundings.root)) ?? []
        let outside = files.filter { !$0.hasSuffix("/") && !$0.hasPrefix(Surroundings.results + "/") }
        if outside.count != scans.count { note(["\(outside.count) files beside the results, of \(scans.count)"]) }
        for scan in scans {
            if (try? surroundings.cloud.bytes(at: Surroundings.root + "/" + scan.path, as: nil)) != scan.bytes {
                note(["no longer as it was dropped: \(scan.path)"])
            }
        }
    }

    /// The state is lost, first without the observations, then with them: no model is asked, the rows are the same.
    func loseState() async throws {
        try await takeAwayWhatHasNoResult()
        let exact = try await ObservationRows(surroundings, withNumbers: true)
        let lasting = try await ObservationRows(surroundings, withNumbers: false)
        // In MariaDB the rows outlive the folder: they keep even their numbers and times.
        let isElsewhere = surroundings.mariaDB != nil
        for isWhole in isElsewhere ? [true] : [false, true] {
            let what = isWhole ? "the state folder" : "the state without the observations"
            plan.tell("deleting \(what)")
            let files = FileManager.default
            for name in (try? files.contentsOfDirectory(atPath: surroundings.state)) ?? []
            where isWhole || name.hasPrefix("state.sqlite") {
                try files.removeItem(atPath: surroundings.state + "/" + name)
            }
            if isWhole { try? files.removeItem(atPath: surroundings.state) }
            let calls = ledger.calls.count
            try await adoptAgain(what)
            if ledger.calls.count != calls { note(["\(what) lost: \(ledger.calls.count - calls) calls of the model"]) }
            let after = try await ObservationRows(surroundings, withNumbers: isElsewhere || !isWhole)
            let differences = after.differences(from: isElsewhere || !isWhole ? exact : lasting)
            if !differences.isEmpty {
                note([
                    "\(what) lost: \(differences.count) rows differ: \(differences.prefix(6).joined(separator: "\n        "))"
                ])
            }
        }
    }

    /// Runs without the state, killed some times on the way.
    private func adoptAgain(_ what: String) async throws {
        var kills = min(plan.kills / 15, 4)
        while true {
            var kill: KillInstant?
            if kills > 0, !hasStartsAtLimit() {
                kill = .after(generator.time(upTo: sheetTime * scans.count * 0.5 + .milliseconds(100)))
            }
            kills -= 1
            let end = try await execute(["--once", "--json"], kill, latest: nil) { _ in }
            if surroundings.cloud.requests.contains(where: { $0.method == "PUT" }) {
                note(["\(what) lost: it wrote in Nextcloud"])
            }
            try await check(end)
            if end.killed != nil { continue }
            if end.status != 0 { note(["\(what) lost: it ended with \(end.status): \(end.output.suffix(1000))"]) }
            if kill == nil || kills <= 0 { return }
        }
    }

    /// A scan whose result a person deleted, or that was set aside, would be asked without the state: nothing else
    /// knows of it. The person takes these scans away too.
    private func takeAwayWhatHasNoResult() async throws {
        let places = try results.sources(scans, person).byScan
        for scan in scans where places[scan.path] == nil || givenUp.contains(scan.path) {
            try surroundings.cloud.delete(Surroundings.root + "/" + scan.path)
        }
        for _ in 0..<2 { try await check(try await runOnce()) }
    }
}
