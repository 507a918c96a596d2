public import Foundation
import Transcriber

extension StatusReport {
    /// Writes the object that `status --json` prints, piece by piece: its lists may be as long as there are sheets.
    ///
    /// - Parameter sink: takes the pieces, in their order.
    /// - Throws: `StateError`, `DatabaseError`; then nothing has been written, unless the lists are very long.
    public static func writeJSON(
        _ settings: StateSettings, now: Date = Date(), to sink: @escaping @Sendable (String) -> Void
    ) async throws {
        guard try StateDatabase.exists(in: settings.directory) else {
            return sink(json(withoutStateIn: settings.directory).serialized(.canonical))
        }
        let running = running(in: settings.directory)
        let buffer = PieceBuffer(sink)
        try await StateDatabase.reading(settings.directory, isHeld: running != nil) { tables in
            var report = try gather(
                tables, directory: settings.directory, running: running, listLimit: 0, now: now)
            report.budget = settings.monthlyBudget
            let filter = JobFilter(models: try tables.configuredModels())
            let lists: [String: (_ each: (JSONValue) -> Void) throws -> Void] = [
                "waiting_sheets": { each in
                    try tables.counts.forEachWaiting(filter, at: now) { each(json(Waiting($0))) }
                },
                "left_out_scans": { each in try tables.scans.forEachLeftOut { each(leftOut(Note($0))) } },
                "failures": { each in try tables.counts.forEachFailed(filter) { each(json(Note($0))) } },
                "variant_scans": { each in try tables.variants.forEach { each(json(Variant($0))) } },
                "notes": { each in try tables.scans.forEachPairingNote { each(json(Note($0))) } },
            ]
            try buffer.begin(settings.directory)
            try write(report.json.serialized(.canonical), lists) { buffer.add($0) }
        }
        buffer.flush()
    }

    /// Puts the lists in their places, which are empty in the text; inside another text its quotes would be escaped.
    private static func write(
        _ text: String, _ lists: [String: (_ each: (JSONValue) -> Void) throws -> Void], _ sink: (String) -> Void
    ) throws {
        var rest = text[...]
        let places = lists.keys.compactMap { name in
            text.range(of: "\"\(name)\":[]").map { (name: name, range: $0) }
        }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for place in places {
            var piece = String(rest[..<place.range.upperBound].dropLast())
            var isFirst = true
            try lists[place.name]? { element in
                piece += (isFirst ? "" : ",") + element.serialized(.canonical)
                isFirst = false
                guard piece.utf8.count > 32_768 else { return }
                sink(piece)
                piece = ""
            }
            sink(piece + "]")
            rest = rest[place.range.upperBound...]
        }
        sink(String(rest))
    }
}
