import DAV
import Foundation
import TestSupport

/// One listing of everything: the same request by us and by curl, and rclone's own way.
struct ListingSection {
    let tree: SampleTree
    let runs: Int
    let nextcloud: MeasuredServer?

    private struct Result {
        var usage: Usage
        var requests: Int?
    }

    func run(_ report: inout Report) async throws {
        var table = Table(
            title: "Full listing",
            note: "\(tree.files) files in \(tree.folders) folders; the best of \(runs) runs in turn, the most memory.",
            columns: [
                "server", "program", "wall", "CPU", "requests", "resident", "anonymous", "wall / curl", "CPU / rclone",
            ])
        let fill: (String) throws -> Void = { try tree.write(to: "\($0)/\(SampleTree.root)") }
        try await LocalServers.withApache(filledBy: fill) { server in
            try await measure(server, SampleTree.root, &table, &report)
        }
        try await LocalServers.withStandIn(filledBy: fill) { standIn in
            let server = MeasuredServer(standIn, LocalServers.account)
            try await measure(server, SampleTree.root, &table, &report)
        }
        if let nextcloud { try await measure(nextcloud, SampleTree.root, &table, &report) }
        report.show(table)
    }

    private func measure(
        _ server: MeasuredServer, _ root: String, _ table: inout Table, _ report: inout Report
    ) async throws {
        let folder = try TemporaryDirectory()
        let url = try server.url(root)
        let body = try folder.write(DAVClient.propfindBody.utf8, to: "body")
        let document = folder.file("listing.xml")
        let curl = try server.curlArguments(
            [
                "url = \"\(url)\"", "request = PROPFIND", "data-binary = \"@\(body)\"", "header = \"Depth: infinity\"",
                "header = \"Content-Type: application/xml; charset=utf-8\"", "output = \"\(document)\"",
            ], in: folder)
        let rclone = [Programs.rclone, "lsf", "-R", "--files-only", ":webdav:"]
        let environment = try await server.rcloneEnvironment(url, home: folder.path)
        var results: [String: Result] = [:]
        for run in 0..<runs {
            try await take("curl", &results, server) { try await Child.run(curl) }
            try await take("nids-sync's DAV module", &results, server) {
                try await Child.run(server.workerArguments("listing", url), environment: server.workerEnvironment)
            }
            if run < 2 {
                try await take("rclone lsf -R", &results, server) {
                    try await Child.run(rclone, environment: environment)
                }
            }
            try await take("libxml2 alone", &results, nil) {
                try await Child.run([Programs.own, "worker", "parsing", document])
            }
        }
        for (program, result) in results.sorted(by: { $0.value.usage.wall < $1.value.usage.wall }) {
            let usage = result.usage
            table.add(
                server.name, program, Shown.seconds(usage.wall), Shown.seconds(usage.cpu),
                result.requests.map(String.init) ?? "–", Shown.megabytes(usage.peakResident),
                Shown.megabytes(usage.peakAnonymous), ratio(usage.wall, results["curl"]?.usage.wall),
                ratio(usage.cpu, results["rclone lsf -R"]?.usage.cpu))
        }
        judge(server, results.mapValues(\.usage), &report)
    }

    private func ratio(_ value: Double, _ other: Double?) -> String { other.map { Shown.times(value / $0) } ?? "–" }

    private func take(
        _ program: String, _ results: inout [String: Result], _ server: MeasuredServer?, _ run: () async throws -> Usage
    ) async throws {
        let before = server?.requestCount()
        let usage = try await run()
        var result = results[program] ?? Result(usage: usage)
        result.usage.wall = min(result.usage.wall, usage.wall)
        result.usage.cpu = min(result.usage.cpu, usage.cpu)
        result.usage.peakResident = max(result.usage.peakResident, usage.peakResident)
        result.usage.peakAnonymous = max(result.usage.peakAnonymous, usage.peakAnonymous)
        if let before, let after = server?.requestCount() { result.requests = after - before }
        results[program] = result
    }

    private func judge(_ server: MeasuredServer, _ usages: [String: Usage], _ report: inout Report) {
        guard let ours = usages["nids-sync's DAV module"], let curl = usages["curl"],
            let rclone = usages["rclone lsf -R"]
        else { return }
        let bound = curl.wall >= 1 ? curl.wall * 1.2 : curl.wall + 0.25
        report.judge(
            "listing on \(server.name), wall", target: "at most \(Shown.seconds(bound))",
            measured: Shown.seconds(ours.wall), ours.wall <= bound)
        report.judge(
            "listing on \(server.name), rclone's wall / ours", target: "at least 3 x",
            measured: Shown.times(rclone.wall / ours.wall), rclone.wall >= 3 * ours.wall)
        report.judge(
            "listing on \(server.name), CPU / rclone's", target: "at most 0.35 x",
            measured: Shown.times(ours.cpu / rclone.cpu), ours.cpu <= 0.35 * rclone.cpu)
        report.judge(
            "listing on \(server.name), resident memory", target: "under 48 MB",
            measured: Shown.megabytes(ours.peakResident), ours.peakResident < 48_000_000)
        report.judge(
            "listing on \(server.name), anonymous memory", target: "under 20 MB",
            measured: Shown.megabytes(ours.peakAnonymous), ours.peakAnonymous < 20_000_000)
    }
}
