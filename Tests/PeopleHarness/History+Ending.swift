import Foundation
import HarnessSupport
import TestSupport

extension History {
    /// Lets the program do what is left, and judges everything.
    func end() async throws {
        say("the people go home")
        if share != .all { try await setShare(.all) }
        // What was written within the last two seconds is looked at once more after that.
        try await Task.sleep(for: .seconds(2.5))
        try await runUntilIdle()
        try await judge()
        let before = rows(try ObservationRow.all(in: folder.file("state")))
        let results = oracle.snapshot.results
        // Two whole looks at everything find nothing else.
        for _ in 0..<2 {
            try await Task.sleep(for: .seconds(1.1))
            let end = try await run(fullCheck: "1s")
            if end.count("transcribed") > 0 { note(["a whole look asks a model"]) }
        }
        let changed = Set(results.keys).union(oracle.snapshot.results.keys).filter {
            results[$0] != oracle.snapshot.results[$0]
        }
        if !changed.isEmpty { note(["a whole look changes results: \(changed.sorted())"]) }
        let after = rows(try ObservationRow.all(in: folder.file("state")))
        if before != after {
            note(["a whole look changes rows: \(before.symmetricDifference(after).sorted().prefix(6))"])
        }
        try await judgeContents()
    }

    private func rows(_ rows: [ObservationRow]) -> Set<String> {
        Set(
            rows.filter { !$0.isWithdrawn }.map {
                "\($0.path) \($0.origin) \($0.result ?? "") \($0.document.hashValue)"
            })
    }

    /// The program's longest pause before it looks again for a scan that was listed and could not be had.
    private static let longestWait = Duration.seconds(180)

    private func runUntilIdle() async throws {
        var last: End?
        var tries = 0
        let patience = ContinuousClock.now + Self.longestWait
        // A sheet that waits by itself, and says so, is waited for; anything else has its end after a few runs.
        while tries < 8 {
            let end = try await run()
            last = end
            let isIdle = !plan.server.isNextcloud || end.count("http_requests") == 1
            let waits = end.count("waiting") > 0
            if end.status == 0, isIdle, !waits, played.runs > 1 { return }
            if end.status == 0, waits, ContinuousClock.now < patience {
                // What is due within two minutes the run has waited for itself.
                try await Task.sleep(for: .seconds(5))
                continue
            }
            tries += 1
            // What was written within the last two seconds is looked at once more.
            try await Task.sleep(for: .seconds(1))
        }
        note(["it does not come to rest: \(last?.output.suffix(1500) ?? "")"])
    }

    private func judge() async throws {
        let status = try await status()
        var reasons: [String: String] = [:]
        for key in ["failures", "waiting_sheets", "notes"] {
            for item in status[key] as? [[String: Any]] ?? [] {
                if let path = item["path"] as? String { reasons[path] = item["reason"] as? String ?? "" }
            }
        }
        let rows = try ObservationRow.all(in: folder.file("state"))
        let verdict = Verdict(oracle, tree, rows, reasons: reasons, toldOfOthers: toldOfOthers)
        note(verdict.broken)
        played.told = verdict.told
    }

    /// Scans are byte for byte as people left them.
    private func judgeContents() async throws {
        for (path, file) in tree.files where try await owner.get(root + "/" + path) != file.bytes {
            note(["no longer as a person left it: \(path)"])
        }
    }
}
