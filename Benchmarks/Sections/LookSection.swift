import NextcloudStandIn
import TestSupport

/// The first look of the whole program at a tree that it does not know, beside the bare listing.
struct LookSection {
    let tree: SampleTree
    let runs: Int

    func run(_ report: inout Report) async throws {
        var table = Table(
            title: "First look of the whole program",
            note: "\(tree.files) files on the stand-in; the best of \(runs) runs in turn, the most memory.",
            columns: ["program", "wall", "CPU", "requests", "resident", "anonymous"])
        try await LocalServers.withStandIn(filledBy: { try tree.write(to: "\($0)/\(SampleTree.root)") }) { standIn in
            let server = MeasuredServer(standIn, LocalServers.account)
            let site = try ServiceSite(standIn, ModelServer(latency: 0))
            let url = try server.url(SampleTree.root)
            try await add("the DAV module's listing", server, &table) {
                try await Child.run(server.workerArguments("listing", url), environment: server.workerEnvironment)
            }
            try await add("nids-sync --once --dry-run", server, &table) {
                try await site.run("--once", "--dry-run", "--json")
            }
        }
        report.show(table)
    }

    private func add(
        _ program: String, _ server: MeasuredServer, _ table: inout Table, _ run: () async throws -> Usage
    ) async throws {
        var best: Usage?
        var requests = 0
        for _ in 0..<runs {
            let before = server.requestCount() ?? 0
            let usage = try await run()
            requests = (server.requestCount() ?? 0) - before
            var merged = best ?? usage
            merged.wall = min(merged.wall, usage.wall)
            merged.cpu = min(merged.cpu, usage.cpu)
            merged.peakResident = max(merged.peakResident, usage.peakResident)
            merged.peakAnonymous = max(merged.peakAnonymous, usage.peakAnonymous)
            best = merged
        }
        guard let best else { return }
        table.add(
            program, Shown.seconds(best.wall), Shown.seconds(best.cpu), "\(requests)",
            Shown.megabytes(best.peakResident), Shown.megabytes(best.peakAnonymous))
    }
}
