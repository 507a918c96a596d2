import ArgumentParser
import Foundation
import NidsSync
import Transcriber

/// A person asks for another try.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Have sheets tried again that failed, wait, were deleted, or were read by an older prompt or model.",
        usage: """
            nids-sync retry <path> ...
            nids-sync retry --failed [<path> ...]
            nids-sync retry --outdated [--yes] [<path> ...]
            nids-sync retry --republish [<path> ...]
            """,
        discussion: """
            It writes a wish into the state folder: a running daemon sees to it within its poll interval, else the \
            next pass does. It works without Nextcloud, and without a password or key. Models that rest are tried \
            again, too. Except with --outdated, an answer that is stored is used again and costs nothing.
            """)

    @Argument(help: ArgumentHelp("Scans and folders below the root, as in Nextcloud.", valueName: "path"))
    var paths: [String] = []

    @Flag(help: "Every sheet that failed.")
    var failed = false

    @Flag(help: "Every sheet whose answer is of an older prompt or model: asked anew, which costs money.")
    var outdated = false

    @Flag(help: "Every result that somebody deleted in Nextcloud: published again from the stored answer.")
    var republish = false

    @Flag(help: "Go on without asking, whatever it costs.")
    var yes = false

    @Flag(help: "Print one JSON object on stdout.")
    var json = false

    @Option(help: ArgumentHelp("The YAML file.", valueName: "file"))
    var config: String?

    func validate() throws {
        let modes = [failed, outdated, republish].count { $0 }
        if modes > 1 { throw ValidationError("--failed, --outdated and --republish exclude each other.") }
        if modes == 0, paths.isEmpty {
            throw ValidationError("Name scans or folders, or give one of --failed, --outdated and --republish.")
        }
        if yes, !outdated { throw ValidationError("--yes goes with --outdated: nothing else costs money.") }
    }

    private var wish: RetryWish {
        RetryWish(failed ? .failed : outdated ? .outdated : republish ? .deleted : .unfinished, paths: paths)
    }

    func run() async throws {
        let status: ExitStatus
        do { status = try await retry() } catch {
            throw ExitCode(Reporter(json: json).fail(error).rawValue)
        }
        throw ExitCode(status.rawValue)
    }

    private func retry() async throws -> ExitStatus {
        let loader = try SettingsLoader(path: config, environment: ProcessInfo.processInfo.environment)
        let directory = try loader.loadStateSettings().directory
        if let shortage = ProcessRoom.shortage() { throw StateError.wanting(path: directory, reason: shortage) }
        guard let retry = try Retry(directory: directory) else {
            show(Retry.Outcome())
            Output.error("There is no state in \(directory) yet: nothing has been done that could be tried again.\n")
            return .success
        }
        if outdated {
            let plan = try await retry.plan(wish)
            Output.error(plan.costText)
            if plan.costsMoney, !yes, !isAgreed() { return .usage }
        }
        let outcome = try await retry.perform(wish)
        show(outcome)
        return outcome.unmatched.isEmpty ? .success : .usage
    }

    /// Asks whoever sits there; nobody does where it is a script's.
    private func isAgreed() -> Bool {
        guard !json, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            Output.error("nids-sync: this costs money: say --yes to go on; nothing was done\n")
            return false
        }
        Output.error("Go on? [y/N] ")
        let isAgreed = ["y", "yes"].contains(readLine()?.lowercased())
        if !isAgreed { Output.error("Nothing was done.\n") }
        return isAgreed
    }

    private func show(_ outcome: Retry.Outcome) {
        for place in outcome.unmatched {
            Output.error("nids-sync: no scan that is worked on lies at \(Retry.plain(place))\n")
        }
        Output.out(json ? outcome.json.serialized(.canonical) + "\n" : outcome.text)
    }
}
