import Foundation
import NextcloudStandIn
import TestSupport

/// The service as a daemon over a large tree: idle, with one new file, and with many, one after another.
struct DaemonSection {
    let tree: SampleTree
    let worked: Int
    let scans: Int
    let parts: [Section]

    static let pollInterval = 2.0
    /// Four folders below the root.
    private static let deep = "jpeg/TRI_ANCIEN/Nord/Pinson"

    func run(_ report: inout Report) async throws {
        let done = SampleTree(files: min(worked, tree.files), folders: min(worked, 50))
        let rest = SampleTree(files: tree.files - done.files, folders: tree.folders)
        try await LocalServers.withStandIn(filledBy: { folder in
            try done.write(to: "\(folder)/\(SampleTree.root)")
            try rest.write(to: "\(folder)/\(SampleTree.root)", below: "archive")
        }) { standIn in
            guard let port = standIn.url.split(separator: ":").last.flatMap({ Int($0) }) else { return }
            // From the first pass on: the service takes another address for another server.
            let proxy = try CountingProxy(to: port)
            let site = try ServiceSite(standIn, ModelServer(latency: 0), url: "http://127.0.0.1:\(proxy.port)")
            let first = try await site.run("--once", "--json")
            var table = Table(title: "The daemon before a tree of \(tree.files) files", columns: ["what", "measured"])
            table.add("first pass, \(done.files) sheets, model in no time", Shown.seconds(first.wall))
            table.add("… processor time", Shown.seconds(first.cpu))
            table.add(
                "… memory", "\(Shown.megabytes(first.peakResident)), anonymous \(Shown.megabytes(first.peakAnonymous))")
            let child = try site.start([])
            try await settle(site, child)
            if parts.contains(.idle) { try await idle(site, child, proxy, &table, &report) }
            if parts.contains(.change) { try await change(site, child, &table, &report) }
            if parts.contains(.latency) { try await latency(site, child, &table, &report) }
            child.signal(SIGTERM)
            let usage = await child.end()
            table.add(
                "the daemon's memory in all",
                "\(Shown.megabytes(usage.peakResident)), anonymous \(Shown.megabytes(usage.peakAnonymous))")
            report.show(table)
        }
    }

    /// Waits until it only polls.
    private func settle(_ site: ServiceSite, _ child: Child) async throws {
        site.standIn.resetRequests()
        try await site.wait(for: "it only polls", of: child) {
            let latest = site.standIn.requests.suffix(3)
            return latest.count == 3 && latest.allSatisfy { $0.isPoll }
        }
    }

    private func idle(
        _ site: ServiceSite, _ child: Child, _ proxy: CountingProxy, _ table: inout Table, _ report: inout Report
    ) async throws {
        // From just after a poll to just after another.
        let count = site.standIn.requests.count
        try await site.wait(for: "a poll", of: child) { site.standIn.requests.count > count }
        try await Task.sleep(for: .milliseconds(200))
        site.standIn.resetRequests()
        let (bytes, cpu, start) = (proxy.bytes, child.cpu, ContinuousClock.now)
        let polls = 15
        try await Task.sleep(for: .seconds(Double(polls) * Self.pollInterval))
        let requests = site.standIn.requests
        let wall = (ContinuousClock.now - start).inSeconds
        let used = child.cpu - cpu
        let perPoll = (proxy.bytes - bytes) / max(1, requests.count)
        table.add("idle: requests in \(Shown.fixed(wall, 0)) s at 2 s a poll", "\(requests.count)")
        table.add("idle: bytes a poll, headers included", "\(perPoll)")
        table.add("idle: processor time a poll", Shown.fixed(used / Double(polls) * 1000, 2) + " ms")
        report.judge(
            "idle poll, requests", target: "exactly one", measured: "\(requests.count) in \(polls) polls",
            requests.allSatisfy { $0.isPoll } && (polls - 1...polls + 1).contains(requests.count))
        report.judge("idle poll, bytes", target: "under 2000", measured: "\(perPoll)", perPoll < 2000)
    }

    private func change(
        _ site: ServiceSite, _ child: Child, _ table: inout Table, _ report: inout Report
    ) async throws {
        for number in 0..<2 {
            let path = "\(Self.deep)/fiche \(number)x.jpg"
            // The folders are new with the first file, and known with the second.
            try await settle(site, child)
            let start = ContinuousClock.now
            try site.standIn.put("\(SampleTree.root)/\(path)", SampleTree.scan(5_000_000 + number, size: 0))
            try await site.wait(for: "the new file's result", of: child) { try site.hasResult(path) }
            guard number == 1 else { continue }
            let wall = (ContinuousClock.now - start).inSeconds
            let requests = site.standIn.requests
            guard let download = requests.firstIndex(where: { $0.method == "GET" && $0.path.contains("1x.jpg") }),
                let poll = requests[..<download].lastIndex(where: { $0.isPoll })
            else { throw TestFailure("the new file was not downloaded") }
            table.add("one new file: requests before its download", "\(download - poll)")
            for (index, request) in requests[poll..<download].enumerated() {
                let place = request.path.removingPercentEncoding?.split(separator: "/").suffix(3).joined(separator: "/")
                let depth = request.depth.map { " Depth: \($0)" } ?? ""
                table.add("… \(index + 1)", "\(request.method)\(depth) …/\(place ?? "")")
            }
            table.add("one new file: from its PUT to its result", Shown.seconds(wall))
            report.judge(
                "one new file four folders deep, requests", target: "at most 6", measured: "\(download - poll)",
                download - poll <= 6)
        }
    }

    private func latency(
        _ site: ServiceSite, _ child: Child, _ table: inout Table, _ report: inout Report
    ) async throws {
        var waiting: [(path: String, since: ContinuousClock.Instant)] = []
        var times: [Double] = []
        var put = 0
        var next = ContinuousClock.now
        try await site.wait(for: "\(scans) results", of: child, limit: .seconds(scans + 120)) {
            if put < scans, ContinuousClock.now >= next {
                let path = "jpeg/TRI_ANCIEN/dossier \(1_000 + put % 50)/neu \(put)x.jpg"
                try site.standIn.put("\(SampleTree.root)/\(path)", SampleTree.scan(6_000_000 + put, size: 200_000))
                waiting.append((path, .now))
                put += 1
                // No rhythm that the polls could fall into step with.
                next += .milliseconds(Int.random(in: 100...900))
            }
            try waiting.removeAll { scan in
                guard try site.hasResult(scan.path) else { return false }
                times.append((ContinuousClock.now - scan.since).inSeconds)
                return true
            }
            return times.count == scans
        }
        let (half, most) = (times.median, times.quantile(0.99) ?? .nan)
        table.add("from PUT to result, \(scans) scans: median", Shown.seconds(half))
        table.add("from PUT to result: 99th percentile", Shown.seconds(most))
        table.add("from PUT to result: the longest", Shown.seconds(times.max() ?? .nan))
        report.judge(
            "from PUT to result, 99th percentile", target: "under 2.5 s", measured: Shown.seconds(most), most < 2.5)
    }
}

extension RecordedRequest {
    /// Whether it asks for one collection's own tag.
    fileprivate var isPoll: Bool { method == "PROPFIND" && depth == "0" }
}
