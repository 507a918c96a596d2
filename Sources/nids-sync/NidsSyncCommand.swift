import ArgumentParser

/// The command line.
struct NidsSyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nids-sync",
        abstract: "Turns scanned nest record sheets in a Nextcloud folder into reviewed, queryable observations.",
        discussion: """
            Without a subcommand it runs as a daemon until stopped; with --once it does one pass over everything \
            pending. The configuration is a YAML file (see config/nids-sync.yaml) and NIDS_* variables.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, DemoCommand.self, EvaluateCommand.self, StatusCommand.self, RetryCommand.self,
            EquivalencesCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
