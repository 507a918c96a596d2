import Foundation
public import Transcriber

/// What `status --to-review` shows.
public struct ReviewReport: Sendable {
    let list: ReviewList
    let limit: Int

    /// Reads it from the database of the observations, beside a daemon; nothing is written.
    ///
    /// - Parameter limit: the number of sheets at most.
    /// - Throws: `ConfigurationError`, `ObservationError`.
    public static func gather(_ loader: SettingsLoader, limit: Int) async throws -> ReviewReport {
        let store = try ObservationSettings(loader).makeStore()
        let directory = try loader.stateDirectory()
        if try loader.observations() == .sqlite,
            !FileManager.default.fileExists(atPath: directory + "/observations.sqlite")
        {
            return ReviewReport(list: ReviewList(items: [], count: 0), limit: limit)
        }
        return ReviewReport(list: try await store.toReview(limit: limit), limit: limit)
    }

    /// For a terminal: each sheet with what speaks for looking it over.
    public var text: String {
        guard !list.items.isEmpty else { return "No sheet needs a second look.\n" }
        var lines = [
            "\(StatusWords.count(list.count, "sheet")) to look over, the most doubtful first (0 to 100):"
        ]
        for item in list.items {
            let priority = String(item.priority)
            lines.append(
                "  \(String(repeating: " ", count: max(0, 3 - priority.count)))\(priority)  "
                    + "\(StatusWords.plain(item.path)) (\(StatusWords.plain(item.model)))")
            for reason in item.reasons.prefix(Self.shownReasons) {
                lines.append("       \(StatusWords.plain(reason))")
            }
            let rest = item.reasons.count - Self.shownReasons
            if rest > 0 { lines.append("       … \(rest) more") }
        }
        let rest = list.count - list.items.count
        if rest > 0 { lines.append("  … and \(StatusWords.count(rest)) more: --limit \(list.count) lists them all") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let shownReasons = 4

    /// The one object that `status --to-review --json` prints: `count` of all sheets that deserve a look, and
    /// `to_review`, an array of `root`, `path`, `model`, `priority`, `reasons` (in French), `result` (a path, or `null`).
    public var json: JSONValue {
        [
            "count": .integer(list.count),
            "to_review": .array(
                list.items.map { item in
                    [
                        "root": .string(item.root), "path": .string(item.path), "model": .string(item.model),
                        "priority": .integer(item.priority), "reasons": .array(item.reasons.map(JSONValue.string)),
                        "result": item.result.map(JSONValue.string) ?? .null,
                    ]
                }),
        ]
    }
}
