import Foundation
import ModelStandIn
import NextcloudStandIn
import Synchronization
import TestSupport
import Testing
import Transcriber

@Suite("the daemon")
struct DaemonTests {
    private static let quick: [String: String?] = ["NIDS_NEXTCLOUD_POLL_INTERVAL": "200ms"]

    @Test("a scan that comes later is transcribed; SIGTERM ends it with 0")
    func latecomer() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the first scan is done") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try site.putScans("jpeg/nouveau/b.jpg")
                let place = site.resultPath("b", in: "jpeg/nouveau")
                try await soon("the later scan is done") { try site.cloud.bytes(at: place) != nil }
                let observations = ObservationsFile(path: site.databaseFile)
                try await soon("both are recorded") {
                    try observations.rows("SELECT count(*) FROM nids_v_fiches") == [["2"]]
                }
                // Idle, it asks for one tag at a time.
                site.cloud.resetRequests()
                try await soon("it polls") { site.cloud.requestCount >= 5 }
                #expect(site.cloud.requests.suffix(2).allSatisfy { $0.method == "PROPFIND" && $0.depth == "0" })
                try await end(program)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 2)
        }
    }

    @Test("a scan that comes while the model takes its time over another is found and done meanwhile")
    func sideBySide() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let gate = Signal()
            defer { gate.fire() }
            let calls = Counter()
            site.model.configure {
                $0.answer = { call in
                    if calls.next() == 1 { await gate.wait() }
                    return .text(SampleFiche.json(for: call))
                }
            }
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                try site.putScans("jpeg/b.jpg")
                try await soon("the later one is done") { try site.cloud.bytes(at: site.resultPath("b")) != nil }
                #expect(try site.cloud.bytes(at: site.resultPath("a")) == nil)
                gate.fire()
                try await soon("the first one too") { try site.cloud.bytes(at: site.resultPath("a")) != nil }
                try await end(program)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 2)
        }
    }

    @Test("a result that could not be written for a moment is written soon")
    func locked() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.cloud.addFault(Fault(method: "PUT", pathContains: "_result.json", effect: .status(423)))
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the result is there after all") {
                    try site.cloud.bytes(at: site.resultPath("a")) != nil
                }
                try await end(program)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a stop lets what is in flight finish, and begins nothing new")
    func gracefulStop() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "jpeg/c.jpg")
            let gate = Signal()
            defer { gate.fire() }
            site.holdModel(until: gate)
            var settings = Self.quick
            settings["NIDS_TRANSCRIPTION_CONCURRENCY"] = "1"
            settings["NIDS_LOG_LEVEL"] = "debug"
            let outcome = try await site.run(with: settings) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                try await end(program)
                try await soon("the signal was taken") { try Self.hasTakenSignals(program) }
                gate.fire()
            }
            outcome.expect(status: 0)
            #expect(try #require(outcome.afterSignal) < .seconds(30))
            #expect(site.model.calls.count == 1)
            #expect(try site.cloud.files().count { $0.hasSuffix("_result.json") } == 1)
            #expect(try ObservationsFile(path: site.databaseFile).rows("SELECT count(*) FROM nids_v_fiches") == [["1"]])

            let rest = try await site.run("--once", "--json")
            rest.expect(status: 0)
            #expect(try rest.count("transcribed") == 2)
            #expect(site.model.calls.count == 3)
        }
    }

    @Test("a second signal ends it at once while something hangs", arguments: [false, true])
    func secondSignal(isInterrupt: Bool) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.model.configure { $0.answer = { _ in .hang } }
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                try await end(program)
                try await soon("the signal was taken") { try Self.hasTakenSignals(program) }
                // The watch for the second begins a moment after the first was taken.
                try await soon("it ends") {
                    guard program.isRunning else { return true }
                    try? program.send(isInterrupt ? SIGINT : SIGTERM)
                    return false
                }
            }
            outcome.expect(status: 130)
            #expect(try #require(outcome.afterSignal) < .seconds(30))
            // What was asked and not answered is not lost from sight.
            site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
            #expect(try await site.run("--once", "--json").count("transcribed") == 1)
        }
    }

    @Test("past the grace, what hangs is handed back")
    func grace() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.model.configure { $0.answer = { _ in .hang } }
            var settings = Self.quick
            settings["NIDS_STOP_GRACE"] = "300ms"
            let outcome = try await site.run(with: settings) { program in
                try await soon("the model is asked") { site.model.calls.count == 1 }
                try await end(program)
            }
            outcome.expect(status: 0)
            #expect(try #require(outcome.afterSignal) < .seconds(30))
            site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
            let next = try await site.run("--once", "--json")
            next.expect(status: 0)
            #expect(try next.count("transcribed") == 1)
        }
    }

    @Test("stops are no deaths: a scan that was handed back again and again is not set aside for it")
    func stoppedOften() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            site.cloud.addFault(Fault(method: "GET", pathContains: "a.jpg", times: nil, effect: .hang))
            var settings = Self.quick
            settings["NIDS_STOP_GRACE"] = "50ms"
            for _ in 1...4 {
                site.cloud.resetRequests()
                let outcome = try await site.run(with: settings) { program in
                    try await soon("the scan is asked for") {
                        site.cloud.requests.contains { $0.method == "GET" && $0.path.hasSuffix("a.jpg") }
                    }
                    try await end(program)
                }
                outcome.expect(status: 0)
            }
            site.cloud.removeFaults()
            let last = try await site.run("--once", "--json")
            last.expect(status: 0)
            #expect(try last.count("transcribed") == 1)
        }
    }

    @Test("killed while the model is at work, it goes on at the next start: one result, one claim")
    func killed() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            let slow = Scan.sha256(Scan.small("jpeg/a.jpg"))
            site.model.configure {
                $0.answer = { call in
                    call.inline.first?.sha256 == slow ? .hang : .text(SampleFiche.json(for: call))
                }
            }
            let killed = try await site.run(with: Self.quick) { program in
                try await soon("one is done, the other with the model") {
                    try site.cloud.bytes(at: site.resultPath("b")) != nil && site.model.callsByDigest[slow] == 1
                }
                try program.send(SIGKILL)
            }
            killed.expect(status: 128 + 9)
            site.model.configure { $0.answer = { .text(SampleFiche.json(for: $0)) } }
            let outcome = try await site.run(with: Self.quick) { program in
                try await soon("both are recorded") {
                    try ObservationsFile(path: site.databaseFile).rows("SELECT count(*) FROM nids_v_fiches") == [["2"]]
                        && site.cloud.bytes(at: site.resultPath("a")) != nil
                }
                try await end(program)
            }
            outcome.expect(status: 0)
            #expect(site.model.callsByDigest[slow] == 2)
            #expect(site.model.calls.count == 3)
            #expect(
                try site.cloud.results().keys.map { String(decoding: $0, as: UTF8.self) }.sorted() == [
                    "\(site.root)/transcription_results/.nids-sync.json", site.resultPath("a"), site.resultPath("b"),
                ])
        }
    }

    @Test("killed after a result was sent and before its answer came, it knows its own bytes again")
    func killedWhilePublishing() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let place = site.resultPath("a")
            // Its folders are there, so that one PUT is enough.
            var folder = site.root
            for name in place.dropFirst(site.root.count + 1).split(separator: "/").dropLast() {
                folder += "/\(name)"
                try site.cloud.makeCollection(folder)
            }
            // The answer to the PUT is lost, and what comes after it never ends.
            site.cloud.addFault(Fault(method: "PUT", pathContains: "_result.json", effect: .loseAnswer))
            site.cloud.addFault(Fault(method: "GET", pathContains: "_result.json", effect: .hang))
            let killed = try await site.run("--once") { program in
                try await soon("the result is there and looked at") {
                    try site.cloud.bytes(at: place) != nil
                        && site.cloud.requests.contains { $0.method == "GET" && $0.path.contains("_result.json") }
                }
                try program.send(SIGKILL)
            }
            killed.expect(status: 128 + 9)
            let bytes = try site.cloud.bytes(at: place)
            site.cloud.removeFaults()
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.summary()["notes"]?.array?.isEmpty == true)
            #expect(try site.cloud.bytes(at: place) == bytes)
            let rows = try ObservationsFile(path: site.databaseFile).rows("SELECT chemin, origine FROM nids_v_fiches")
            #expect(rows == [["jpeg/a.jpg", "modele"]])
            #expect(site.model.calls.count == 1)
            #expect(try await site.run("--once", "--json").count("unchanged") == 1)
        }
    }

    private func end(_ program: RunningProgram) async throws { try program.send(SIGTERM) }

    /// Whether no signal waits to be taken.
    private static func hasTakenSignals(_ program: RunningProgram) throws -> Bool {
        let status = try String(contentsOfFile: "/proc/\(program.identifier)/status", encoding: .utf8)
        return status.split(separator: "\n").filter { $0.hasPrefix("ShdPnd:") || $0.hasPrefix("SigPnd:") }
            .allSatisfy { $0.hasSuffix("0000000000000000") }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
