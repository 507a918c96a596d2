import Foundation
import NextcloudStandIn
import TestSupport

/// One run of the program, killed at some instant or left to its end.
struct ProgramRun {
    /// How it ended.
    struct End: Sendable {
        /// Its exit status, 137 when it was killed.
        var status: Int32
        var killed: ContinuousClock.Instant?
        var phase = ""
        var duration: Duration
        var output: String

        /// The object that `--json` prints at the end.
        var summary: [String: Any]? {
            output.split(separator: "\n").last { $0.hasPrefix("{") }
                .flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }
    }

    let number: Int
    let surroundings: Surroundings
    let ledger: ModelLedger
    /// The longest that a run may take.
    let limit = Duration.seconds(120)

    /// Runs it, looking at it every millisecond.
    ///
    /// - Parameters:
    ///   - kill: when it is killed; `nil` leaves it to its end.
    ///   - latest: when it is killed at the latest, where the instant never comes.
    ///   - hangUp: when its terminal closes.
    ///   - beside: is called at each look, with the time since the start.
    func run(
        _ command: [String], kill: KillInstant?, latest: Duration?, hangUp: Duration?,
        isolation: isolated (any Actor)? = #isolation,
        beside: (Duration) throws -> Void
    ) async throws -> End {
        let output = surroundings.folder.file("output")
        let began = ContinuousClock.now
        let child = try ChildProcess(command, output: output)
        var happened: (times: Int, at: ContinuousClock.Instant)?
        var watch = FileWatch(surroundings.state)
        var killed: ContinuousClock.Instant?
        var phase = ""
        var hangUp = hangUp
        while child.isRunning {
            let now = ContinuousClock.now
            try beside(now - began)
            var isTime = latest.map { now - began >= $0 } ?? false
            switch kill {
            case .after(let time)?: isTime = isTime || now - began >= time
            case .event(let event, let times, let delay)?:
                if happened == nil, count(event, &watch) >= times { happened = (times, now) }
                if let happened { isTime = isTime || now - happened.at >= delay }
            case nil: break
            }
            if isTime, killed == nil, !ledger.wouldLoseThird(run: number) {
                phase = self.phase()
                killed = .now
                child.signal(SIGKILL)
            }
            if let time = hangUp, now - began >= time {
                hangUp = nil
                child.signal(SIGHUP)
            }
            if now - began > limit { child.signal(SIGKILL) }
            try await Task.sleep(for: .milliseconds(1))
        }
        let status = await child.exitStatus()
        // It may have ended by itself just before.
        if status != 137 { killed = nil }
        if let killed { ledger.noteKill(run: number, at: killed) }
        return End(
            status: status, killed: killed, phase: phase, duration: .now - began,
            output: String(decoding: surroundings.folder.read("output") ?? [], as: UTF8.self))
    }

    private func count(_ event: KillInstant.Event, _ watch: inout FileWatch) -> Int {
        let requests = surroundings.cloud.requests
        return switch event {
        case .listing: requests.count { $0.method == "PROPFIND" }
        case .download: requests.count { $0.isDownload }
        case .asked: ledger.calls(run: number).count
        case .answered: ledger.calls(run: number).count { $0.answered != nil }
        case .upload: requests.count { $0.method == "PUT" }
        case .uploaded: requests.count { $0.method == "PUT" && $0.status != nil }
        case .stored: watch.changes(of: "state.sqlite-wal")
        case .recorded where surroundings.mariaDB == nil: watch.changes(of: "observations.sqlite-wal")
        // A database elsewhere shows nothing; recording goes on beside publishing.
        case .recorded: requests.count { $0.method == "PUT" }
        }
    }

    /// What the program was at, as far as it can be seen from outside.
    private func phase() -> String {
        let requests = surroundings.cloud.requests
        let calls = ledger.calls(run: number)
        guard let last = requests.last else { return "starting" }
        if calls.contains(where: { $0.answered == nil }) { return "asking" }
        if last.method == "PUT" { return last.status == nil ? "uploading" : "recording" }
        if !requests.contains(where: { $0.method == "PUT" }), let answer = calls.compactMap(\.answered).max() {
            return ContinuousClock.now - answer < .milliseconds(30) ? "storing" : "publishing"
        }
        if last.isDownload { return "downloading" }
        if last.method == "PROPFIND", last.depth == "0", last.status != nil, requests.count > 1 { return "idle" }
        return last.method == "PROPFIND" ? (calls.isEmpty ? "listing" : "settling") : "looking"
    }
}

/// How often files were seen to change.
private struct FileWatch {
    private let folder: String
    private var seen: [String: (size: Int, seconds: Int, nanoseconds: Int)] = [:]
    private var counts: [String: Int] = [:]

    init(_ folder: String) { self.folder = folder }

    mutating func changes(of name: String) -> Int {
        var status = stat()
        if stat(folder + "/" + name, &status) == 0 {
            let now = (Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
            if let before = seen[name], before != now { counts[name, default: 0] += 1 }
            seen[name] = now
        }
        return counts[name] ?? 0
    }
}

extension RecordedRequest {
    /// Whether it fetches a scan.
    var isDownload: Bool { method == "GET" && !path.contains("transcription_results") && path.contains("/dav/") }
}
