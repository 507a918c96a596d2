import Foundation
public import Transcriber

extension StatusReport {
    /// The one object that `status --json` prints. Its keys stay; others may come. Times are ISO 8601 in Universal
    /// Time, sums are in the currency of the prices, and what is not known is `null`.
    ///
    /// - `state`: `directory`, `exists` (`false` comes alone, with `directory`).
    /// - `nextcloud`: `url`, `root`, `last_full_look`.
    /// - `running`: `null`, or `process` (a text: its id as it knows it) and `since`.
    /// - `sheets`, each counted once for every model: `done`, `waiting`, `failed`, `next_retry`, and `deleted` (a person
    ///   deleted the result).
    /// - `waiting_reasons`, at most ten, and `left_out`: arrays of `reason`, `count`.
    /// - `left_out_scans` (all of them): an array of `path`, `reason`.
    /// - `waiting_sheets` (all that wait for something other than their turn): an array of `path`, `model`, `reason`,
    ///   `since`.
    /// - `failures` (all) and `notes` (scans that are not paired): arrays of `path`, `model` (empty for a note),
    ///   `reason`.
    /// - `variants`: the number of scans that stand by, since another preparation of their sheet is read; `variant_scans`
    ///   (all of them): an array of `path`, `variant_of`.
    /// - `similar_folders`: folders that may hold preparations and are not in `nextcloud.variants`: an array of `path`
    ///   (of their parent), `reason`.
    /// - `models`: an array, the primary first, of `model`, `configured`, `free`, `sheets_read`, `to_ask`, `requests`,
    ///   `answers`, `unanswered_requests` (they may have been billed), `requests_under_way`, `input_tokens`, `output_tokens`,
    ///   `thinking_tokens`, `requests_without_price`, `cost_this_month`, `cost_total`, `cost_per_sheet`,
    ///   `batches` (an array of `stage`, `awaited`, `since`, `note`), `pause` (`null`, or `reason`, `since`, `until`).
    /// - `money`: `spent_this_month` and `spent_total` (unanswered requests counted at what an answer costs on
    ///   average), `budget` (a sum, `"unlimited"` or `null`), `left`, `to_ask`, `estimate` (of what these will cost),
    ///   `to_ask_without_estimate` (how many of them it leaves out).
    public var json: JSONValue {
        [
            "state": ["directory": .string(directory), "exists": true],
            "nextcloud": ["url": JSONValue(url), "root": JSONValue(root), "last_full_look": Self.json(lastFullLook)],
            "running": running.map { ["process": JSONValue($0.process), "since": Self.json($0.since)] } ?? .null,
            "sheets": [
                "done": .integer(sheets.done), "waiting": .integer(sheets.waiting),
                "failed": .integer(sheets.failedCount), "next_retry": Self.json(sheets.nextRetry),
                "deleted": .integer(sheets.deleted),
            ],
            "waiting_reasons": .array(sheets.waitingReasons.map(Self.json)),
            "waiting_sheets": .array(sheets.waitingSheets.map(Self.json)),
            "failures": .array(sheets.failed.map(Self.json)),
            "left_out": .array(sheets.leftOut.map(Self.json)),
            "left_out_scans": .array(sheets.leftOutScans.map(Self.leftOut)),
            "notes": .array(sheets.notes.map(Self.json)),
            "variants": .integer(sheets.variantCount),
            "variant_scans": .array(sheets.variants.map(Self.json)),
            "similar_folders": .array(sheets.similarFolders.map(Self.leftOut)),
            "models": .array(models.map(Self.json)),
            "money": money,
        ]
    }

    /// The same where there is no state yet.
    public static func json(withoutStateIn directory: String) -> JSONValue {
        ["state": ["directory": .string(directory), "exists": false]]
    }

    private var money: JSONValue {
        let budget: JSONValue =
            switch budget {
            case .sum(let sum): .number(sum)
            case .unlimited: "unlimited"
            case nil: .null
            }
        return [
            "spent_this_month": Self.json(spentThisMonth), "spent_total": Self.json(spentInTotal), "budget": budget,
            "left": Self.json(left), "to_ask": .integer(stillToPay), "estimate": Self.json(estimate),
            "to_ask_without_estimate": .integer(withoutEstimate),
        ]
    }

    private static func json(_ model: Model) -> JSONValue {
        [
            "model": .string(model.label), "configured": .bool(model.isConfigured), "free": .bool(model.isFree),
            "sheets_read": .integer(model.sheetsRead), "to_ask": .integer(model.toAsk),
            "requests": .integer(model.total.requests), "answers": .integer(model.total.answers),
            "unanswered_requests": .integer(model.total.lost), "requests_under_way": .integer(model.total.open),
            "input_tokens": .integer(model.total.tokens.input), "output_tokens": .integer(model.total.tokens.output),
            "thinking_tokens": .integer(model.total.tokens.thinking),
            "requests_without_price": .integer(model.total.unpriced),
            "cost_this_month": json(model.thisMonth.cost), "cost_total": json(model.total.cost),
            "cost_per_sheet": json(model.total.costPerAnswer),
            "batches": .array(
                model.batches.map {
                    [
                        "stage": .string($0.stage), "awaited": .integer($0.awaited), "since": json($0.since),
                        "note": JSONValue($0.note),
                    ]
                }),
            "pause": model.pause.map {
                ["reason": .string($0.reason), "since": json($0.since), "until": json($0.until)]
            } ?? .null,
        ]
    }

    private static func json(_ reason: Reason) -> JSONValue {
        ["reason": .string(reason.reason), "count": .integer(reason.count)]
    }

    static func leftOut(_ scan: Note) -> JSONValue { ["path": .string(scan.path), "reason": .string(scan.reason)] }

    static func json(_ variant: Variant) -> JSONValue {
        ["path": .string(variant.path), "variant_of": .string(variant.readPath)]
    }

    static func json(_ note: Note) -> JSONValue {
        ["path": .string(note.path), "model": .string(note.model), "reason": .string(note.reason)]
    }

    static func json(_ sheet: Waiting) -> JSONValue {
        [
            "path": .string(sheet.path), "model": .string(sheet.model), "reason": .string(sheet.reason),
            "since": json(sheet.since),
        ]
    }

    private static func json(_ date: Date?) -> JSONValue { JSONValue(date?.ISO8601Format()) }

    /// A sum, to the millionth: what adding up leaves beyond is nobody's.
    private static func json(_ sum: Double?) -> JSONValue {
        sum.map { .number(($0 * 1_000_000).rounded() / 1_000_000) } ?? .null
    }
}
