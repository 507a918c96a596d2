import ArgumentParser
import Foundation
import NidsSync
import Transcriber

/// Says how things stand.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what is done, what waits, what failed and why, and what it has cost.",
        discussion: """
            It looks at the state folder alone: beside a daemon, without Nextcloud, and without a password or key. \
            Nothing is written, and nobody is held up. --to-review asks the database of the observations instead, and \
            needs its login. A sheet counts once for every model that reads it; sums are in \
            the currency of the prices.
            """)

    @Flag(help: "Print one JSON object on stdout.")
    var json = false

    @Flag(help: "List the sheets that deserve a second look, the most doubtful first, with the reasons.")
    var toReview = false

    @Option(help: ArgumentHelp("With --to-review: list at most so many sheets.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("The YAML file.", valueName: "file"))
    var config: String?

    func validate() throws {
        guard let limit else { return }
        if !toReview { throw ValidationError("--limit goes with --to-review.") }
        if limit < 1 { throw ValidationError("--limit is 1 or more.") }
    }

    func run() async throws {
        do {
            let loader = try SettingsLoader(path: config, environment: ProcessInfo.processInfo.environment)
            if toReview {
                let report = try await ReviewReport.gather(loader, limit: limit ?? Self.usualLimit)
                Output.out(json ? report.json.serialized(.canonical) + "\n" : report.text)
                return
            }
            let settings = try loader.loadStateSettings()
            if let shortage = ProcessRoom.shortage() {
                throw StateError.wanting(path: settings.directory, reason: shortage)
            }
            if json {
                try await StatusReport.writeJSON(settings) { Output.out($0) }
                Output.out("\n")
            } else {
                let report = try await StatusReport.gather(settings)
                Output.out(report?.text() ?? StatusReport.text(withoutStateIn: settings.directory))
            }
        } catch {
            throw ExitCode(Reporter(json: json).fail(error).rawValue)
        }
    }

    /// What fits on a screen.
    private static let usualLimit = 10
}
