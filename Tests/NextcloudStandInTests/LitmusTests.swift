import Foundation
import NextcloudStandIn
import TestSupport
import Testing

/// Debian's `litmus`, which nobody here wrote, against the stand-in. A real Nextcloud 34.0.1 passes the same four suites
/// whole.
///
/// What stays different from a real one, and is not looked at by these suites:
/// - `locks` is left out: Nextcloud offers `LOCK` by its app files_lock (`X-User-Lock`), not RFC 4918's locks with
///   tokens and `If`, and neither does the stand-in.
/// - a live property that only the server may set is refused with 403 and the others of its request with 424, where a
///   real one lets some of them be set (`oc:favorite`, `nc:note`).
/// - `REPORT` of calendars and contacts, and `ACL`, are announced in `DAV:` as recorded and answered with 501.
@Suite("The stand-in and litmus", .enabled(if: Litmus.isInstalled, "needs Debian's litmus"))
struct LitmusTests {
    @Test(
        "every test of a suite passes, as with a real Nextcloud",
        arguments: [("basic", 16), ("copymove", 13), ("props", 30), ("http", 4)])
    func suite(name: String, count: Int) async throws {
        try await Bench.run { (bench: Bench) async throws in
            let directory = try TemporaryDirectory()
            let url = bench.standIn.url + "/remote.php/dav/files/schneider/"
            // It writes its debug log where it is started.
            let script = "cd \"$0\" && exec \"$@\""
            let arguments = [
                "/bin/sh", "-c", script, directory.path, Litmus.programs + name, "--htdocs=/usr/share/litmus/htdocs",
                url, "schneider", "secret",
            ]
            let process = try ChildProcess(arguments, output: directory.file("output"))
            _ = await process.exitStatus()
            let output = String(decoding: directory.read("output") ?? [], as: UTF8.self)
            let summary = try #require(
                output.firstMatch(of: /of (\d+) tests run: (\d+) passed, (\d+) failed/), "\(output)")
            #expect(summary.output.1 == "\(count)", "\(output)")
            #expect(summary.output.2 == "\(count)", "\(output)")
        }
    }
}

/// Where Debian puts it.
private enum Litmus {
    static let programs = "/usr/libexec/litmus/"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: programs + "basic")
}
