import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("the daemon and signals")
struct SignalTests {
    private static let quick: [String: String?] = ["NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms"]

    /// Has a signal come while an answer is under way; the answer is then given.
    private func signalled(
        _ signals: [Int32], within wrapper: [String] = [], goesOn: Bool
    ) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let gate = Signal()
            defer { gate.fire() }
            site.holdModel(until: gate)
            let outcome = try await site.run(with: Self.quick, within: wrapper) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                for signal in signals { try program.send(signal) }
                site.cloud.resetRequests()
                if goesOn { try await soon("it polls") { site.cloud.requestCount >= 3 } }
                gate.fire()
                try await soon("the answer is delivered") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                if goesOn { try program.send(SIGTERM) }
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 1)
            #expect(try await site.run("--once", "--json").count("unchanged") == 1)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test(
        "a signal that others use as a message does nothing",
        arguments: [SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO])
    func harmless(signal: Int32) async throws { try await signalled([signal], goesOn: true) }

    @Test(
        "a terminal that closes, and QUIT, end it as TERM does: what is in flight is finished",
        arguments: [SIGHUP, SIGQUIT])
    func ending(signal: Int32) async throws { try await signalled([signal], goesOn: false) }

    @Test("a terminal that closes says so more than once, which is no insistence")
    func twice() async throws { try await signalled([SIGTERM, SIGHUP, SIGHUP], goesOn: false) }

    @Test("under nohup the terminal may close")
    func nohup() async throws {
        try await signalled([SIGHUP], within: Shell.after("trap '' HUP"), goesOn: true)
    }

    @Test("a log that nobody reads any more ends nothing")
    func closedLog() async throws {
        try await signalled(
            [], within: Shell.after("export NIDS_LOG_LEVEL=trace; exec 2> >(head -c 1 >/dev/null)"), goesOn: true)
    }

    @Test("a second signal ends it at once, with one object on standard output")
    func second() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.model.configure { $0.answer = { _ in .hang } }
            let outcome = try await site.run("--once", "--json") { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                try await soon("it ends") {
                    guard program.isRunning else { return true }
                    try? program.send(SIGTERM)
                    return false
                }
            }
            outcome.expect(status: 130)
            #expect(try outcome.count("exit_status") == 130)
        }
    }
}
