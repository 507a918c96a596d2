import Foundation
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("what is printed")
struct OutputTests {
    @Test(
        "what cannot be written is 74",
        arguments: [
            [">/dev/full"], [">&-"], ["--json", ">/dev/full"], ["--json", ">&-"],
        ])
    func unwritable(arguments: [String]) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let redirection = try #require(arguments.last)
            let options = Array(arguments.dropLast())
            let shell = Shell.after("", redirections: redirection)
            // setpriv comes after the shell, and finds what the shell has left open.
            let once = try await site.run("--once", within: shell)
            once.expect(status: 74)
            #expect(once.errors.contains("cannot be written"))
            // The work was done all the same, and nothing was printed into a file of ours.
            #expect(try site.cloud.bytes(at: site.resultPath("a")) != nil)
            for command in ["status", "retry"] {
                let wish = command == "retry" ? ["--failed"] : []
                let outcome = try await Program.run(
                    [command] + wish + options, environment: site.environment, folder: site.folder.path, within: shell)
                outcome.expect(status: 74)
            }
            #expect(try await site.run("--once", "--json").count("unchanged") == 1)
        }
    }

    @Test("with standard output and error closed nothing is printed into the state's files")
    func closed() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run(
                "--once", "--json", with: ["NIDS_LOG_LEVEL": "trace"],
                within: Shell.after("", redirections: "<&- >&- 2>&-"))
            outcome.expect(status: 74)
            let lock = FileManager.default.contents(atPath: site.state + "/lock").map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(lock?.allSatisfy(\.isNumber) == true)
            #expect(try await site.run("--once", "--json").count("unchanged") == 1)
        }
    }

    @Test("--json of status and retry prints one object where nothing could be done", arguments: ["status", "retry"])
    func failures(command: String) async throws {
        try await Site<NextcloudStandIn>.run { site in
            let wish = command == "retry" ? ["--failed"] : []
            var environment = site.environment
            environment["NIDS_STATE_DIRECTORY"] = "relative"
            var outcome = try await Program.run(
                [command, "--json"] + wish, environment: environment, folder: site.folder.path)
            outcome.expect(status: 78)
            #expect(try outcome.summary()["error"]?.string?.contains("state.directory") == true)
            #expect(try outcome.count("exit_status") == 78)

            try FileManager.default.createDirectory(atPath: site.state, withIntermediateDirectories: true)
            try Data("not a database, but something of that length".utf8).write(
                to: URL(filePath: site.state + "/state.sqlite"))
            outcome = try await Program.run(
                [command, "--json"] + wish, environment: site.environment, folder: site.folder.path)
            outcome.expect(status: 78)
            #expect(try outcome.summary()["error"]?.string?.contains("damaged") == true)
        }
    }

    @Test("few threads end in a sentence", .enabled(if: geteuid() == 0))
    func fewThreads() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let other = ["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups"]
            for arguments in [["--once", "--json"], ["status", "--json"], ["retry", "--failed", "--json"]] {
                let outcome = try await Program.run(
                    arguments, environment: site.environment, folder: "/", limit: .seconds(30),
                    within: other + Shell.after("ulimit -u 8"))
                outcome.expect(status: 69)
                #expect(try outcome.summary()["error"]?.string?.contains("threads") == true)
            }
        }
    }
}
