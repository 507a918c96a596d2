import Foundation
import TestSupport

/// Files of a folder into files of this machine, eight at once.
struct DownloadSection {
    let runs: Int

    private static let parallel = 8

    private struct Lot {
        var folder: String
        var count: Int
        var size: Int
        var title: String { "\(count) files of \(size / 1000) kB" }
    }

    private let lots = [
        Lot(folder: "small", count: 2_000, size: 2_000), Lot(folder: "large", count: 200, size: 2_000_000),
    ]

    func run(_ report: inout Report) async throws {
        var table = Table(
            title: "Downloads",
            note: "\(Self.parallel) at once, into files; the best of \(runs) runs in turn, the most memory. Ours and "
                + "rclone's list the folder first.",
            columns: ["server", "files", "program", "wall", "CPU", "resident", "anonymous", "wall / curl"])
        try await LocalServers.withApache(filledBy: fill) { server in
            for lot in lots { try await measure(server, lot, &table, &report) }
        }
        try await LocalServers.withStandIn(filledBy: fill) { standIn in
            let server = MeasuredServer(standIn, LocalServers.account)
            for lot in lots { try await measure(server, lot, &table, &report) }
        }
        report.show(table)
    }

    private func fill(_ folder: String) throws {
        for lot in lots {
            let path = "\(folder)/\(lot.folder)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for number in 0..<lot.count {
                try SampleTree.write(SampleTree.scan(number, size: lot.size), to: "\(path)/fiche \(number).jpg")
            }
        }
    }

    private func measure(
        _ server: MeasuredServer, _ lot: Lot, _ table: inout Table, _ report: inout Report
    ) async throws {
        let url = try server.url(lot.folder)
        var results: [String: Usage] = [:]
        for _ in 0..<runs {
            try await take("curl -Z --parallel-max \(Self.parallel)", lot, &results) { folder in
                var lines = ["parallel", "parallel-max = \(Self.parallel)"]
                for number in 0..<lot.count {
                    lines.append("url = \"\(url)fiche%20\(number).jpg\"")
                    lines.append("output = \"\(folder.file("out"))/\(number)\"")
                }
                return try await Child.run(server.curlArguments(lines, in: folder))
            }
            try await take("nids-sync's DAV module", lot, &results) { folder in
                let options = ["--folder", folder.file("out"), "--parallel", "\(Self.parallel)"]
                return try await Child.run(
                    server.workerArguments("downloads", url) + options, environment: server.workerEnvironment)
            }
            try await take("rclone copy", lot, &results) { folder in
                let environment = try await server.rcloneEnvironment(url, home: folder.path)
                let options = ["--transfers", "\(Self.parallel)", "--checkers", "\(Self.parallel)"]
                return try await Child.run(
                    [Programs.rclone, "copy", ":webdav:", folder.file("out")] + options, environment: environment)
            }
        }
        let curl = results.first { $0.key.hasPrefix("curl") }?.value.wall ?? .nan
        for (program, usage) in results.sorted(by: { $0.value.wall < $1.value.wall }) {
            table.add(
                server.name, lot.title, program, Shown.seconds(usage.wall), Shown.seconds(usage.cpu),
                Shown.megabytes(usage.peakResident), Shown.megabytes(usage.peakAnonymous),
                Shown.times(usage.wall / curl))
        }
        guard let ours = results["nids-sync's DAV module"], let rclone = results["rclone copy"] else { return }
        report.judge(
            "\(lot.title) from \(server.name), wall / curl's", target: "at most 1.10 x",
            measured: Shown.times(ours.wall / curl), ours.wall <= 1.1 * curl)
        report.judge(
            "\(lot.title) from \(server.name), wall / rclone's", target: "under 1 x",
            measured: Shown.times(ours.wall / rclone.wall), ours.wall < rclone.wall)
    }

    private func take(
        _ program: String, _ lot: Lot, _ results: inout [String: Usage],
        _ run: (TemporaryDirectory) async throws -> Usage
    ) async throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
        let usage = try await run(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
        guard names.count == lot.count else { throw TestFailure("\(program) brought \(names.count) files") }
        var best = results[program] ?? usage
        best.wall = min(best.wall, usage.wall)
        best.cpu = min(best.cpu, usage.cpu)
        best.peakResident = max(best.peakResident, usage.peakResident)
        best.peakAnonymous = max(best.peakAnonymous, usage.peakAnonymous)
        results[program] = best
    }
}
