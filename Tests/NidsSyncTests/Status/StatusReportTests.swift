import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("How things stand")
struct StatusReportTests {
    private func gather(_ state: StateDatabase, now: Date = .sample) async throws -> StatusReport {
        try await StatusReport.gather(state, directory: "/state", now: now)
    }

    /// Six sheets: done, waiting for another try, in a batch, failed, new, and a lone side that waits.
    private func prepared() async throws -> StateDatabase {
        let state = try StateDatabase.inMemory()
        try await state.remember(
            .settings,
            #"{"url":"https://c","user":"u","root":"R","models":["gemini_3_flash","tesseract"],"observations":"o"}"#)
        let scans = ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6R.jpg"].map { FoundScan.sample("jpeg/\($0)") }
        try await state.storeScans(
            scans + [.sample("jpeg/x.txt", leftOut: "not a picture")], of: .sample("jpeg"), at: .sample,
            models: ["gemini_3_flash"])
        try await state.database.write { db in
            try db.execute(sql: "UPDATE job SET stage = 'asking'")
            try db.execute(sql: "UPDATE job SET stage = 'done' WHERE id = 1")
            try db.execute(
                sql: "UPDATE job SET stage = 'asking', next_attempt = ?, failure = 'busy' WHERE id = 2",
                arguments: [Date.sample.timeIntervalSince1970 + 60])
            try db.execute(
                sql: "UPDATE job SET since = ? WHERE id = 2", arguments: [Date.sample.timeIntervalSince1970 - 120])
            try db.execute(sql: "UPDATE job SET stage = 'batched' WHERE id = 3")
            try db.execute(sql: "UPDATE job SET stage = 'failed', failure = 'too dark' WHERE id = 4")
            try db.execute(
                sql:
                    "INSERT INTO batch (id, model, display_name, stage, made_at, sent_at) VALUES (1, ?, 'b', 'sent', ?, ?)",
                arguments: [
                    "gemini_3_flash", Date.sample.timeIntervalSince1970 - 900, Date.sample.timeIntervalSince1970 - 600,
                ])
        }
        return state
    }

    @Test("tokens that nobody can have used neither stop the sums nor lower them")
    func impossibleTokens() async throws {
        let state = try await prepared()
        for tokens in [Int64.max, .max, .min, 1000] {
            try await state.database.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO model_request (content, model, prompt_kind, started_at, ended_at, outcome, cost,
                            input_tokens, output_tokens) VALUES ('c', 'gemini_3_flash', 'standard', 0, 0, 'answered', 1, ?, ?)
                        """, arguments: [tokens, tokens])
            }
        }
        let model = try #require(try await gather(state).models.first { $0.label == "gemini_3_flash" })
        #expect(model.total.tokens.input == 2_000_001_000)
        #expect(model.total.cost == 4)
    }

    /// A request, some days before the sample moment.
    private func request(
        _ state: StateDatabase, days: Double, outcome: String?, cost: Double?, batch: Int? = nil
    ) async throws {
        let time = Date.sample.timeIntervalSince1970 - days * 86400
        try await state.database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO model_request (content, model, prompt_kind, started_at, ended_at, outcome, cost,
                        input_tokens, output_tokens, thinking_tokens, batch_id)
                    VALUES ('c', 'gemini_3_flash', 'standard', ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    time, outcome == nil ? nil : time, outcome, cost, cost.map { _ in 1000 }, cost.map { _ in 100 },
                    cost.map { _ in 10 }, batch,
                ])
        }
    }

    @Test("every sheet is counted once, with the reason why it waits or failed")
    func sheets() async throws {
        let report = try await gather(try await prepared())
        let sheets = report.sheets
        #expect((sheets.done, sheets.waiting) == (1, 4))
        #expect(sheets.failed == [.init(path: "jpeg/4.jpg", model: "gemini_3_flash", reason: "too dark")])
        #expect(
            Set(sheets.waitingReasons.map(\.reason)) == [
                "busy", "in a batch", "to be read", "waits for the other side of the sheet",
            ])
        #expect(sheets.waitingReasons.allSatisfy { $0.count == 1 })
        #expect(sheets.leftOut == [.init(reason: "not a picture", count: 1)])
        #expect(sheets.leftOutScans == [.init(path: "jpeg/x.txt", model: "", reason: "not a picture")])
        #expect(sheets.nextRetry == .sample + 60)
        #expect((report.url, report.root) == ("https://c", "R"))
    }

    @Test("scans that are left out are told by name, below the reason; of many the first")
    func leftOut() async throws {
        let state = try StateDatabase.inMemory()
        let others = (100..<130).map { FoundScan.sample("divers/\($0).jpg", leftOut: "outside") }
        try await state.storeScans(
            others + [.sample("jpeg/x.docx", leftOut: "not a scan")], of: .sample("jpeg"), at: .sample, models: ["m"])
        let report = try await gather(state)
        let text = report.text(timeZone: .gmt)
        #expect(text.contains("1  not a scan\n    jpeg/x.docx"))
        #expect(text.contains("30  outside\n    divers/100.jpg\n"))
        #expect(text.contains("    divers/119.jpg\n    … and 10 more: --json lists them all"))
        #expect(report.json["left_out_scans"]?.array?.count == 31)
    }

    @Test("a sheet whose result a person deleted is told as that, and not as done")
    func deleted() async throws {
        let state = try await prepared()
        try await state.store(Publication(path: .sample("r/1_result.json"), jobID: 1, state: .deleted))
        let report = try await gather(state)
        #expect((report.sheets.done, report.sheets.deleted) == (0, 1))
        #expect(report.text(timeZone: .gmt).contains("1 result deleted by a person"))
    }

    @Test("what a model costs is told for the month and in total, lost requests apart")
    func money() async throws {
        let state = try await prepared()
        // The sample moment is in the middle of January 2027.
        try await request(state, days: 1, outcome: "answered", cost: 0.02)
        try await request(state, days: 60, outcome: "answered", cost: 0.04)
        try await request(state, days: 1, outcome: "lost", cost: nil)
        try await request(state, days: 0.1, outcome: nil, cost: nil, batch: 1)
        var report = try await gather(state)
        report.budget = .sum(1)
        let model = try #require(report.models.first { $0.label == "gemini_3_flash" })
        #expect((model.total.requests, model.total.lost, model.total.awaited) == (4, 1, 1))
        #expect(model.total.costPerAnswer == 0.03)
        #expect((model.toAsk, model.stillToPay) == (3, 4))
        #expect(abs(report.spentThisMonth - 0.04) < 1e-9)
        #expect(abs(report.spentInTotal - 0.09) < 1e-9)
        #expect(abs((report.left ?? 0) - 0.96) < 1e-9)
        #expect(abs((report.estimate ?? 0) - 0.12) < 1e-9)
        #expect(model.batches == [.init(stage: "sent", awaited: 1, since: .sample - 600)])
    }

    @Test("the text says it all in short lines")
    func text() async throws {
        let state = try await prepared()
        try await request(state, days: 1, outcome: "answered", cost: 0.02)
        try await request(state, days: 1, outcome: "lost", cost: nil)
        try await request(state, days: 0.1, outcome: nil, cost: nil, batch: 1)
        try await state.store(
            ModelPause(
                model: "gemini_3_flash", reason: "the quota of the day is used up", since: .sample - 60,
                until: .sample + 3600, isNamed: true))
        try await state.remember(.fullCheck, String(Date.sample.timeIntervalSince1970 - 300))
        var report = try await gather(state)
        report.budget = .sum(25)
        report.running = .init(process: "42", since: .sample - 7200)
        #expect(
            report.text(timeZone: .gmt) == """
                R at https://c
                running: process 42, since 06:00, 2 h ago
                everything was last looked at 07:55, 5 min ago

                Sheets, once for each model
                  done     1
                  waiting  4
                  failed   1

                Waiting
                  1  busy
                  1  in a batch
                  1  to be read
                  1  waits for the other side of the sheet
                  the next is tried at 08:01, in 60 s

                Sheets that wait
                  jpeg/2.jpg (gemini_3_flash)
                    busy, since 07:58, 2 min ago
                  jpeg/6R.jpg (gemini_3_flash)
                    waits for the other side of the sheet, since 08:00, 0 s ago

                Failed
                  jpeg/4.jpg (gemini_3_flash)
                    too dark

                Scans left out
                  1  not a picture
                    jpeg/x.txt

                Models            sheets  requests  no answer  tokens in  out  thinking
                  gemini_3_flash       0         3          1      1,000  100        10
                  tesseract            0         0          0          0    0         0
                  A request without an answer may have been billed.
                  a batch of gemini_3_flash, sent 07:50, 10 min ago: 1 answer awaited
                  gemini_3_flash rests since 07:59, until 09:00, in 60 min:
                    the quota of the day is used up

                Money             this month  in total  per sheet
                  gemini_3_flash      0.0200    0.0200     0.0200
                  up to 0.0200 more for the requests without an answer
                  the monthly budget is 25.00: 0.0400 spent, 24.96 left
                  still to be paid for: 4 answers, about 0.0800

                """)
    }

    @Test("of many failures the first are shown, and JSON has all")
    func many() async throws {
        let state = try StateDatabase.inMemory()
        let scans = (100..<130).map { FoundScan.sample("jpeg/\($0).jpg") }
        try await state.storeScans(scans, of: .sample("jpeg"), at: .sample, models: ["m"])
        try await state.database.write { try $0.execute(sql: "UPDATE job SET stage = 'failed', failure = 'x'") }
        let report = try await gather(state)
        #expect(report.text(timeZone: .gmt).contains("jpeg/119.jpg (m)\n    x\n  … and 10 more: --json lists them all"))
        #expect(report.json["failures"]?.array?.count == 30)
    }

    @Test("the keys of the JSON stay")
    func keys() async throws {
        let state = try await prepared()
        try await state.store(
            ModelPause(model: "gemini_3_flash", reason: "r", since: .sample, until: nil, isNamed: false))
        var report = try await gather(state)
        report.running = .init(process: "42", since: .sample)
        func names(_ value: JSONValue?) -> [String]? { value?.object?.names }
        let json = report.json
        #expect(
            names(json) == [
                "state", "nextcloud", "running", "sheets", "waiting_reasons", "waiting_sheets", "failures", "left_out",
                "left_out_scans", "notes", "variants", "variant_scans", "similar_folders", "models", "money",
            ])
        #expect(names(json["state"]) == ["directory", "exists"])
        #expect(names(json["nextcloud"]) == ["url", "root", "last_full_look"])
        #expect(names(json["running"]) == ["process", "since"])
        #expect(names(json["sheets"]) == ["done", "waiting", "failed", "next_retry", "deleted"])
        #expect(names(json["waiting_sheets"]?.array?.first) == ["path", "model", "reason", "since"])
        #expect(names(json["failures"]?.array?.first) == ["path", "model", "reason"])
        #expect(names(json["left_out"]?.array?.first) == ["reason", "count"])
        #expect(names(json["left_out_scans"]?.array?.first) == ["path", "reason"])
        let model = json["models"]?.array?.first
        #expect(
            names(model) == [
                "model", "configured", "free", "sheets_read", "to_ask", "requests", "answers", "unanswered_requests",
                "requests_under_way",
                "input_tokens", "output_tokens", "thinking_tokens", "requests_without_price", "cost_this_month",
                "cost_total", "cost_per_sheet", "batches", "pause",
            ])
        #expect(names(model?["pause"]) == ["reason", "since", "until"])
        #expect(model?["pause"]?["since"]?.string == "2027-01-15T08:00:00Z")
        #expect(names(model?["batches"]?.array?.first) == ["stage", "awaited", "since", "note"])
        #expect(
            names(json["money"]) == [
                "spent_this_month", "spent_total", "budget", "left", "to_ask", "estimate", "to_ask_without_estimate",
            ])
    }

    @Test("a state of an older release is shown, and stays as it is")
    func older() async throws {
        try await ScratchFolder.use { folder in
            let queue = try DatabaseQueue(path: StateDatabase.file(in: folder))
            try StateSchema.migrator.migrate(queue, upTo: "1: places, sheets, answers, jobs, publications")
            try queue.close()
            let before = try Data(contentsOf: URL(filePath: StateDatabase.file(in: folder)))
            let report = try await StatusReport.gather(StateSettings(directory: folder), now: .sample)
            #expect(report?.sheets.done == 0)
            #expect(report?.running == nil)
            #expect(try Data(contentsOf: URL(filePath: StateDatabase.file(in: folder))) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state.sqlite"])
        }
    }

    @Test("without a state there is no report, and what is no state is said to be none")
    func none() async throws {
        try await ScratchFolder.use { folder in
            for place in [folder, folder + "/none"] {
                #expect(try await StatusReport.gather(StateSettings(directory: place), now: .sample) == nil)
            }
            try Data("no database".utf8).write(to: URL(filePath: StateDatabase.file(in: folder)))
            await #expect(throws: StateError.self) {
                _ = try await StatusReport.gather(StateSettings(directory: folder), now: .sample)
            }
        }
    }

    @Test("while a process holds the lock it is named; asking does not take the lock from it, nor from the next")
    func running() async throws {
        try await ScratchFolder.use { folder in
            let state = try StateDatabase(directory: folder)
            #expect(StateLock.holder(of: folder) == nil)
            let lock = try StateLock(directory: folder)
            let report = try await StatusReport.gather(StateSettings(directory: folder))
            #expect(report?.running?.process == "\(getpid())")
            #expect(abs(report?.running?.since.timeIntervalSinceNow ?? .infinity) < 600)
            #expect(throws: StateError.self) { try StateLock(directory: folder) }
            withExtendedLifetime(lock) {}
            try state.database.close()
        }
    }
}

@Suite("Words of the status")
struct StatusWordsTests {
    @Test(
        "sums have as many digits as tell something",
        arguments: [(0, "0"), (12.3456, "12.35"), (0.01234, "0.0123"), (0.000042, "0.000042"), (-1, "-1.00")])
    func sums(sum: Double, text: String) { #expect(StatusWords.sum(sum) == text) }

    @Test("large counts are grouped", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
    func counts(count: Int, text: String) { #expect(StatusWords.count(count) == text) }

    @Test(
        "lengths of time are rounded",
        arguments: [
            (-5.0, "0 s"), (89, "89 s"), (90, "2 min"), (7200, "2 h"), (200_000, "2 days"), (.infinity, "11574 days"),
        ])
    func lengths(seconds: Double, text: String) { #expect(StatusWords.length(seconds) == text) }

    @Test("a time of another day has its date, in the zone of the person")
    func times() throws {
        let words = StatusWords(now: .sample, timeZone: try #require(TimeZone(secondsFromGMT: 3600)))
        #expect(words.time(.sample) == "09:00")
        #expect(words.time(.sample - 10 * 3600) == "2027-01-14 23:00")
        #expect(words.future(.sample) == "09:00, any moment now")
    }

    @Test("no name steers the terminal")
    func plain() {
        #expect(StatusWords.plain("a\u{1B}[2J\nb\u{202E}c é") == "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}c é")
    }
}
