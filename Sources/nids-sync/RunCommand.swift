import ArgumentParser
import Foundation
import Logging
import NidsSync

/// The main job: as a daemon, or once.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Watch the folder and work on what is new (the default).")

    @Flag(help: "Do one pass over everything that is pending, then exit.")
    var once = false

    @Flag(help: "Say what would be done; write nothing anywhere, the state included.")
    var dryRun = false

    @Option(help: ArgumentHelp("Only this folder or scan below the root.", valueName: "path"))
    var path: String?

    @Option(help: ArgumentHelp("At most this many sheets.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Send what is new as a batch, at half the price, and collect what is done; never wait.")
    var batch = false

    @Flag(help: "Print one JSON object on stdout at the end; logs go to stderr.")
    var json = false

    @Option(help: ArgumentHelp("The YAML file.", valueName: "file"))
    var config: String?

    @Flag(help: "Go on although settings that the state remembers have changed.")
    var acceptChange = false

    @Flag(help: "Work on this folder although another installation did.")
    var takeOver = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1.") }
        if !once, !dryRun {
            if path != nil || limit != nil { throw ValidationError("--path and --limit go with --once or --dry-run.") }
            if batch { throw ValidationError("--batch goes with --once; for a daemon it is transcription.batch.") }
            if json { throw ValidationError("--json goes with --once or --dry-run.") }
        }
    }

    func run() async throws {
        var options = PassOptions()
        options.path = path
        options.limit = limit
        options.isDryRun = dryRun
        options.usesBatch = batch
        options.acceptChange = acceptChange
        options.takeOver = takeOver
        let isOnce = once || dryRun
        let reporter = Reporter(json: json, showsProgress: isOnce && !json)
        let status = await Runner(reporter: reporter).run(options, configuration: config, once: isOnce)
        throw ExitCode(status.rawValue)
    }
}
