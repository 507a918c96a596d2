import ArgumentParser
import Foundation
import Logging
import NextcloudStandIn
import NidsSync

/// The whole job on this machine alone: a stand-in server, sample sheets, local text recognition.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Do the whole job on this machine alone, with sample sheets and local text recognition.",
        discussion: """
            Starts a stand-in for Nextcloud, puts sample sheets into it, runs the very pass that --once runs, and shows \
            what was read, compared with what stands on the sheets. Run it twice: the second pass makes one request.
            """)

    @Option(help: ArgumentHelp("Where everything is put.", valueName: "folder"))
    var directory = "demo"

    @Flag(help: "Keep the stand-in running after the pass, to try things out; Ctrl-C ends it.")
    var serve = false

    func run() async throws {
        let reporter = Reporter(json: false, showsProgress: true)
        do {
            let demo = try Demo(directory: directory)
            let status = try await demo.run(reporter: reporter, serve: serve)
            throw ExitCode(status.rawValue)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw ExitCode(reporter.fail(error).rawValue)
        }
    }
}
