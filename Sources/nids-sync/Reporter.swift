import Foundation
import NidsSync
import Synchronization
import Transcriber

/// The output of a run for people and scripts.
struct Reporter: Sendable {
    let json: Bool
    /// The object that `--json` prints where nothing could be done.
    let failure: @Sendable (String, ExitStatus) -> JSONValue
    /// Shows how far a pass is, on a terminal alone.
    let progress: (@Sendable (PassProgress) -> Void)?

    /// The reporter of a pass.
    init(json: Bool, showsProgress: Bool) {
        self.json = json
        failure = { PassSummary(problem: $0, status: $1).json }
        progress = showsProgress && isatty(STDERR_FILENO) == 1 ? ProgressLine().show : nil
    }

    /// The reporter of a command that makes no pass.
    init(json: Bool) {
        self.json = json
        failure = { ["error": .string($0), "exit_status": .integer(Int($1.rawValue))] }
        progress = nil
    }

    /// Prints what a pass did.
    func finish(_ summary: PassSummary) {
        if progress != nil { Output.error("\r\u{1B}[K") }
        if json {
            Output.out(summary.json.serialized(.canonical) + "\n")
            return
        }
        Output.out(Self.text(summary))
        if let problem = summary.problem { Output.error("nids-sync: \(problem)\n") }
    }

    /// Prints what kept a run from doing anything.
    func fail(_ error: any Error) -> ExitStatus {
        let (message, status) = Self.explain(error)
        return fail(message, status)
    }

    func fail(_ message: String, _ status: ExitStatus) -> ExitStatus {
        // Wrong usage is for the person who typed it; scripts see the status.
        if json, status != .usage { Output.out(failure(message, status).serialized(.canonical) + "\n") }
        Output.error("nids-sync: \(message)\n")
        return status
    }

    /// Tells that a second signal ended it.
    func interrupted() {
        guard json else { return }
        Output.out(failure("ended at once by a second signal", .interrupted).serialized(.canonical) + "\n")
    }

    static func explain(_ error: any Error) -> (String, ExitStatus) {
        switch error {
        case let error as PassError: (error.description, error.status)
        case let error as ConfigurationError: (error.description, .configuration)
        case let error as StateError: (error.description, error.status)
        case let error as ObservationError: (error.description, error.status)
        case is CancellationError: ("stopped before the end", .unavailable)
        default: ("\(error)", .unavailable)
        }
    }

    private static func text(_ summary: PassSummary) -> String {
        var lines: [String] = []
        for failure in summary.failures {
            lines.append("failed  \(failure.path) (\(failure.model)): \(failure.reason)")
        }
        for note in summary.notes {
            lines.append("note    \(note.path)\(note.model.isEmpty ? "" : " (\(note.model))"): \(note.reason)")
        }
        for (reason, count) in summary.leftOut {
            lines.append("left out  \(count) × \(reason)")
            if summary.isDryRun {
                lines += names(summary.leftOutScans.filter { $0.reason == reason }.map(\.path), count)
            }
        }
        if summary.variants > 0 {
            lines.append("variants  \(summary.variants) × another preparation is read (nextcloud.variants)")
            if summary.isDryRun {
                lines += names(summary.variantScans.map { "\($0.path): \($0.readPath) is read" }, summary.variants)
            }
        }
        for reason in summary.waitingFor where reason != summary.problem { lines.append("waiting: \(reason)") }
        if summary.isDryRun {
            lines.append(
                "dry run: \(summary.waiting) sheets would be worked on, \(summary.unchanged) are done; nothing was written"
            )
        } else {
            lines.append(
                "\(summary.transcribed) transcribed, \(summary.adopted) adopted, \(summary.published) published, "
                    + "\(summary.recorded) recorded, \(summary.failures.count) failed, \(summary.waiting) waiting, "
                    + "\(summary.unchanged) unchanged; \(summary.httpRequests) requests to Nextcloud, "
                    + "\(String(format: "%.1f", Self.seconds(summary.duration))) s")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The names below a reason, as many as can be taken in at a glance.
    private static func names(_ scans: [String], _ count: Int) -> [String] {
        let shown = scans.prefix(20).map { "          \($0)" }
        return shown.count < count ? shown + ["          … and \(count - shown.count) more: --json names them"] : shown
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}

/// One line on the terminal: counts, and how long the rest will take at the pace so far.
private final class ProgressLine: Sendable {
    private let began = ContinuousClock.now
    private let last = Mutex(0)

    func show(_ progress: PassProgress) {
        let isNews = last.withLock { last in
            defer { last = progress.finished }
            return last != progress.finished
        }
        guard isNews, progress.finished > 0 else { return }
        let elapsed = ContinuousClock.now - began
        let rest = elapsed / progress.finished * (progress.total - progress.finished)
        let estimate = progress.finished < progress.total ? ", about \(Self.words(rest)) left" : ""
        let failed = progress.failed > 0 ? ", \(progress.failed) failed" : ""
        Output.error("\r\u{1B}[K\(progress.finished) of \(progress.total) sheets\(failed)\(estimate)")
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        if seconds < 90 { return "\(max(1, seconds)) s" }
        if seconds < 5400 { return "\((seconds + 30) / 60) min" }
        return "\((seconds + 1800) / 3600) h"
    }
}
