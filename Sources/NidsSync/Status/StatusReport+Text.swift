public import Foundation
import Transcriber

extension StatusReport {
    /// Failed sheets and notes that are shown one by one; `--json` has them all.
    static let listLimit = 20

    /// The report for people at a terminal.
    ///
    /// - Parameter timeZone: of the times; `nil` for the machine's own.
    public func text(timeZone: TimeZone? = nil) -> String {
        let words = StatusWords(now: now, timeZone: timeZone)
        var blocks = [place(words), sheetLines(words)]
        blocks.append(waitingLines(words))
        blocks.append(list("failed", sheets.failed, of: sheets.failedCount))
        blocks.append(leftOutLines())
        blocks.append(variantLines())
        blocks.append(
            list("folders that look alike", sheets.similarFolders, of: sheets.similarFolders.count))
        blocks.append(list("not paired", sheets.notes, of: sheets.noteCount))
        blocks.append(modelLines(words))
        blocks.append(moneyLines(words))
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// The words where there is no state yet.
    public static func text(withoutStateIn directory: String) -> String {
        """
        There is no state in \(directory) yet: nothing has been done.
        To begin: nids-sync --once --dry-run says what would be done, nids-sync --once does it, and nids-sync goes on
        doing it. If it works elsewhere already, name that folder as state.directory (NIDS_STATE_DIRECTORY, --config).

        """
    }

    private func place(_ words: StatusWords) -> [String] {
        var lines: [String] = []
        if let url, let root { lines.append("\(StatusWords.plain(root)) at \(StatusWords.plain(url))") }
        if let running {
            let process = running.process.map { "process \(StatusWords.plain($0))" } ?? "an unknown process"
            lines.append("running: \(process), since \(words.past(running.since))")
        } else {
            lines.append("not running")
        }
        let look = lastFullLook.map { "everything was last looked at \(words.past($0))" }
        lines.append(look ?? "not everything has been looked at yet")
        return lines
    }

    private func sheetLines(_ words: StatusWords) -> [String] {
        let isOfSeveral = models.count(where: \.isConfigured) > 1
        var lines = [isOfSeveral ? "Sheets, once for each model" : "Sheets"]
        lines += StatusWords.table([
            ["  done", StatusWords.count(sheets.done)], ["  waiting", StatusWords.count(sheets.waiting)],
            ["  failed", StatusWords.count(sheets.failedCount)],
        ])
        if sheets.deleted > 0 {
            lines.append("  \(StatusWords.count(sheets.deleted, "result")) deleted by a person: retry --republish")
        }
        guard !sheets.waitingReasons.isEmpty else { return lines }
        lines += ["", "Waiting"] + Self.counted(sheets.waitingReasons)
        if let next = sheets.nextRetry { lines.append("  the next is tried at \(words.future(next))") }
        return lines
    }

    /// Those that wait for a reason of their own, one by one.
    private func waitingLines(_ words: StatusWords) -> [String] {
        guard !sheets.waitingSheets.isEmpty else { return [] }
        var lines = ["Sheets that wait"]
        for sheet in sheets.waitingSheets.prefix(Self.listLimit) {
            lines.append("  \(StatusWords.plain(sheet.path)) (\(StatusWords.plain(sheet.model)))")
            let since = sheet.since.map { ", since \(words.past($0))" } ?? ""
            lines.append("    \(StatusWords.plain(sheet.reason))\(since)")
        }
        let rest = sheets.listedWaiting - Self.listLimit
        if rest > 0 { lines.append("  … and \(StatusWords.count(rest)) more: --json lists them all") }
        return lines
    }

    /// The scans that are left out, by name below their reason.
    private func leftOutLines() -> [String] {
        guard !sheets.leftOut.isEmpty else { return [] }
        var lines = ["Scans left out"]
        for (reason, words) in zip(sheets.leftOut, Self.counted(sheets.leftOut)) {
            let paths = sheets.leftOutScans.filter { $0.reason == reason.reason }.map(\.path)
            lines.append(words)
            lines += paths.prefix(Self.listLimit).map { "    \(StatusWords.plain($0))" }
            let rest = reason.count - Self.listLimit
            if rest > 0 { lines.append("    … and \(StatusWords.count(rest)) more: --json lists them all") }
        }
        return lines
    }

    /// The scans that stand by, each below the one that is read.
    private func variantLines() -> [String] {
        guard sheets.variantCount > 0 else { return [] }
        var lines = [
            "Other preparations of sheets, which are not read (nextcloud.variants)",
            "  \(StatusWords.count(sheets.variantCount, "scan"))",
        ]
        for variant in sheets.variants.prefix(Self.listLimit) {
            lines.append("    \(StatusWords.plain(variant.path)): \(StatusWords.plain(variant.readPath)) is read")
        }
        let rest = sheets.variantCount - Self.listLimit
        if rest > 0 { lines.append("    … and \(StatusWords.count(rest)) more: --json lists them all") }
        return lines
    }

    private static func counted(_ reasons: [Reason]) -> [String] {
        let width = reasons.map { StatusWords.count($0.count).count }.max() ?? 0
        return reasons.map { reason in
            let count = StatusWords.count(reason.count)
            return "  " + String(repeating: " ", count: width - count.count) + count + "  "
                + StatusWords.plain(reason.reason)
        }
    }

    private func list(_ title: String, _ notes: [Note], of count: Int) -> [String] {
        guard !notes.isEmpty else { return [] }
        var lines = [title.prefix(1).uppercased() + title.dropFirst()]
        for note in notes.prefix(Self.listLimit) {
            let model = note.model.isEmpty ? "" : " (\(StatusWords.plain(note.model)))"
            lines.append("  \(StatusWords.plain(note.path))\(model)")
            lines.append("    \(StatusWords.plain(note.reason))")
        }
        let rest = count - Self.listLimit
        if rest > 0 { lines.append("  … and \(StatusWords.count(rest)) more: --json lists them all") }
        return lines
    }

    private func modelLines(_ words: StatusWords) -> [String] {
        guard !models.isEmpty else { return [] }
        var rows = [["Models", "sheets", "requests", "no answer", "tokens in", "out", "thinking"]]
        for model in models {
            let total = model.total
            rows.append(
                ["  " + StatusWords.plain(model.label)]
                    + [
                        model.sheetsRead, total.requests, total.lost, total.tokens.input, total.tokens.output,
                        total.tokens.thinking,
                    ].map(StatusWords.count))
        }
        var lines = StatusWords.table(rows)
        if models.contains(where: { $0.total.lost > 0 }) {
            lines.append("  A request without an answer may have been billed.")
        }
        for model in models { lines += remarks(model, words) }
        return lines
    }

    private func remarks(_ model: Model, _ words: StatusWords) -> [String] {
        let label = StatusWords.plain(model.label)
        var lines: [String] = []
        if !model.isConfigured { lines.append("  \(label) is not configured any more.") }
        if model.total.unpriced > 0 {
            lines.append(
                "  no price is known for \(StatusWords.count(model.total.unpriced, "request")) to \(label): "
                    + "the sums are without.")
        }
        for batch in model.batches {
            let what =
                switch batch.stage {
                case "sent": "sent"
                case "sending": "still to be sent, made"
                default: "being put together since"
                }
            lines.append(
                "  a batch of \(label), \(what) \(words.past(batch.since)): "
                    + "\(StatusWords.count(batch.awaited, "answer")) awaited")
            if let note = batch.note { lines.append("    \(StatusWords.plain(note))") }
        }
        if let pause = model.pause {
            let until = pause.until.map { "until \(words.future($0))" } ?? "until the next pass"
            lines.append("  \(label) rests since \(words.time(pause.since)), \(until):")
            lines.append("    \(StatusWords.plain(pause.reason))")
        }
        return lines
    }

    /// Nothing where all models are free and nobody named a budget.
    private func moneyLines(_ words: StatusWords) -> [String] {
        guard budget != nil || models.contains(where: { !$0.isFree }) else { return [] }
        var rows = [["Money", "this month", "in total", "per sheet"]]
        for model in models where !model.isFree {
            rows.append([
                "  " + StatusWords.plain(model.label), StatusWords.sum(model.thisMonth.cost),
                StatusWords.sum(model.total.cost), model.total.costPerAnswer.map(StatusWords.sum) ?? "unknown",
            ])
        }
        var lines = StatusWords.table(rows)
        let lost = spentInTotal - models.reduce(0) { $0 + $1.total.cost }
        if lost > 0 { lines.append("  up to \(StatusWords.sum(lost)) more for the requests without an answer") }
        switch budget {
        case .sum(let sum):
            lines.append(
                "  the monthly budget is \(StatusWords.sum(sum)): \(StatusWords.sum(spentThisMonth)) spent, "
                    + "\(StatusWords.sum(left ?? 0)) left")
        case .unlimited: lines.append("  the monthly budget is unlimited")
        case nil: lines.append("  no monthly budget is set (transcription.monthly_budget)")
        }
        if stillToPay > 0 {
            let rest = withoutEstimate > 0 ? ["\(StatusWords.count(withoutEstimate)) at a price not known yet"] : []
            let known = estimate.map { ["about \(StatusWords.sum($0))"] } ?? []
            lines.append(
                "  still to be paid for: \(StatusWords.count(stillToPay, "answer")), "
                    + (known + rest).joined(separator: " and "))
        }
        return lines
    }
}
