import Foundation
import NextcloudStandIn
import TestSupport

/// How close the service comes to the rate that a model allows, with answers that take eight seconds.
struct PipelineSection {
    private static let latency = 8.0

    private struct Load {
        var sheets: Int
        /// Requests a minute.
        var rate: Int
        var isLarge = false

        /// Seconds, with requests granted evenly.
        var ideal: Double { Double(sheets - 1) * 60 / Double(rate) + latency }
        /// So many answers are awaited at once when requests go out evenly, and some more.
        var concurrency: Int { max(8, Int((Double(rate) / 60 * latency * 1.25).rounded(.up))) }
    }

    private let loads: [Load]

    /// - Parameter sheets: so many at 1,000 a minute, and nothing else; the usual loads when `nil`.
    init(sheets: Int?) {
        loads =
            sheets.map { [Load(sheets: $0, rate: 1_000)] } ?? [
                Load(sheets: 200, rate: 60), Load(sheets: 1_000, rate: 300), Load(sheets: 1_000, rate: 1_000),
                Load(sheets: 400, rate: 1_000, isLarge: true),
            ]
    }

    func run(_ report: inout Report) async throws {
        var table = Table(
            title: "Pipeline",
            note: "nids-sync --once before a model that takes \(Int(Self.latency)) s for each answer. Ideal: "
                + "(N - 1) x 60 / rate + \(Int(Self.latency)) s. Whole: from the program's start to its end. "
                + "CPU: with that of the tools that look at the scans.",
            columns: [
                "sheets", "scan", "a minute", "ideal", "whole", "of the ideal", "asking", "awaited", "most a minute",
                "CPU", "a sheet", "model's CPU", "resident", "anonymous",
            ])
        for load in loads { try await measure(load, &table, &report) }
        report.show(table)
    }

    private func measure(_ load: Load, _ table: inout Table, _ report: inout Report) async throws {
        let scan = try await load.isLarge ? SampleScan.large() : SampleScan.small()
        try await LocalServers.withStandIn(filledBy: { try fill($0, load, scan) }) { standIn in
            let model = try ModelServer(latency: Self.latency)
            let site = try ServiceSite(standIn, model)
            let usage = try await site.run(
                "--once", "--json",
                settings: [
                    "NIDS_TRANSCRIPTION_REQUESTS_PER_MINUTE": "\(load.rate)",
                    "NIDS_TRANSCRIPTION_CONCURRENCY": "\(load.concurrency)",
                ])
            let record = model.record
            let results = try standIn.paths(below: SampleTree.root).count { $0.hasSuffix("_result.json") }
            guard results == load.sheets, record.arrivals.count == load.sheets, let first = record.arrivals.min(),
                let last = record.answers.max()
            else {
                throw TestFailure(
                    "\(load.sheets) sheets, \(record.arrivals.count) requests, \(results) results: \(site.lastWords)")
            }
            let share = load.ideal / usage.wall
            table.add(
                "\(load.sheets)", "\(scan.size / 1000) kB", "\(load.rate)", Shown.seconds(load.ideal),
                Shown.seconds(usage.wall), Shown.percent(share), Shown.seconds((last - first).inSeconds),
                "\(record.mostAwaited)", "\(mostInAMinute(record.arrivals))", Shown.seconds(usage.cpu),
                String(format: "%.1f ms", usage.cpu / Double(load.sheets) * 1000), Shown.seconds(record.cpu),
                Shown.megabytes(usage.peakResident), Shown.megabytes(usage.peakAnonymous))
            let what = "\(load.sheets) sheets of \(scan.size / 1000) kB at \(load.rate) a minute"
            report.judge(
                "\(what), of the ideal", target: "at least 97 %", measured: Shown.percent(share), share >= 0.97)
            if load.isLarge {
                report.judge(
                    "\(what), anonymous memory", target: "under 100 MB", measured: Shown.megabytes(usage.peakAnonymous),
                    usage.peakAnonymous < 100_000_000)
            }
        }
    }

    private func fill(_ folder: String, _ load: Load, _ scan: SampleScan) throws {
        let path = "\(folder)/\(SampleTree.root)/jpeg"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for number in 0..<load.sheets {
            try SampleTree.write(scan.numbered(number), to: "\(path)/\(SampleTree.name(number))")
        }
    }

    /// The most requests that arrived in any 60 seconds.
    private func mostInAMinute(_ arrivals: [ContinuousClock.Instant]) -> Int {
        let sorted = arrivals.sorted()
        var start = 0
        var most = 0
        for (index, arrival) in sorted.enumerated() {
            while arrival - sorted[start] >= .seconds(60) { start += 1 }
            most = max(most, index - start + 1)
        }
        return most
    }
}
