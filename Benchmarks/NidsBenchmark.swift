import ArgumentParser
import Foundation
import TestSupport

/// What the service takes, measured beside curl and rclone in the same run.
@main
struct NidsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nids-benchmark", abstract: "Measures listings, downloads and the service beside curl and rclone.",
        subcommands: [MeasureCommand.self, Worker.self], defaultSubcommand: MeasureCommand.self)
}

/// The parts that can be measured by themselves.
enum Section: String, CaseIterable, ExpressibleByArgument {
    case listing, downloads, look, idle, change, latency, pipeline, recording
}

struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "measure", abstract: "Measure (the default).")

    @Option(help: "Files in the tree, in 200 folders.")
    var files = 20_000

    @Option(help: "Only these, separated by commas: \(Section.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: String?

    @Option(help: "How often each listing and download is measured; the best counts.")
    var runs = 5

    @Option(help: "Scans that are put for the time from PUT to result.")
    var scans = 200

    @Option(
        help: ArgumentHelp(
            "Sheets of the tree that the service has transcribed before its daemon is measured; the others lie outside "
                + "of what it works on.", valueName: "n"))
    var worked = 1_000

    @Option(
        help: ArgumentHelp(
            "Sheets with which the service is measured idle, separated by commas: all of them transcribed before.",
            valueName: "n,n"))
    var idle = "1000,20000"

    @Option(help: "Sheets of the pipeline at 1,000 a minute, in place of its usual loads.")
    var sheets: Int?

    @Option(help: "Also list on a real Nextcloud; the password is taken from NIDS_BENCHMARK_PASSWORD.")
    var nextcloud: String?

    @Option(help: "The login for it.")
    var user: String?

    @Option(help: "The folder to list on it.")
    var folder = SampleTree.root

    @Option(help: "Sheets that are recorded.")
    var recorded = 20_000

    @Flag(help: "Print date and machine first, as in Benchmarks/RESULTS.md.")
    var markdown = false

    func validate() throws {
        if nextcloud != nil, user == nil { throw ValidationError("--nextcloud needs --user.") }
        if files < 200 || runs < 1 || scans < 1 { throw ValidationError("--files is at least 200.") }
        _ = try sections()
    }

    private func sections() throws -> [Section] {
        guard let only else { return Section.allCases }
        return try only.split(separator: ",").map { name in
            guard let section = Section(rawValue: String(name)) else { throw ValidationError("no section \(name)") }
            return section
        }
    }

    func run() async throws {
        try Programs.check()
        if markdown {
            let date = Date.now.formatted(.iso8601.year().month().day())
            print("## \(date)\n\n\(Machine.description); load before: \(Machine.load). \(files) files.\n")
        }
        var report = Report()
        let tree = SampleTree(files: files, folders: 200)
        for section in try sections() {
            switch section {
            case .listing:
                try await ListingSection(tree: tree, runs: runs, nextcloud: await realNextcloud()).run(&report)
            case .downloads: try await DownloadSection(runs: min(runs, 3)).run(&report)
            case .look: try await LookSection(tree: tree, runs: min(runs, 3)).run(&report)
            case .idle, .change, .latency: continue
            case .pipeline: try await PipelineSection(sheets: sheets).run(&report)
            case .recording: try await RecordingSection(sheets: recorded).run(&report)
            }
        }
        if try sections().contains(.idle) {
            for count in idle.split(separator: ",").compactMap({ Int($0) }) {
                let tree = SampleTree(files: count, folders: 200)
                try await DaemonSection(tree: tree, worked: count, scans: scans, parts: [.idle]).run(&report)
            }
        }
        let daemon = try sections().filter { [.change, .latency].contains($0) }
        if !daemon.isEmpty {
            try await DaemonSection(tree: tree, worked: worked, scans: scans, parts: daemon).run(&report)
        }
        report.conclude()
    }

    private func realNextcloud() async throws -> MeasuredServer? {
        guard let nextcloud, let user else { return nil }
        let password = ProcessInfo.processInfo.environment[WorkerSite.passwordVariable] ?? ""
        return try await MeasuredServer(nextcloud: nextcloud, user: user, password: password)
    }
}
