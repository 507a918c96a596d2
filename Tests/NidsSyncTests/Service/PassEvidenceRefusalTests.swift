import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a refusal means, and for whom")
struct PassEvidenceRefusalTests {
    private static let locked = ServerAnswer.nextcloud(423, "FileLocked", in: "OCA\\DAV\\Connector\\Sabre\\Exception")
    private static let forbidden = ServerAnswer.nextcloud(403, "Forbidden")

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("a result that somebody has open waits with that reason, delays nothing else, and fails nothing")
    func open() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "a_result", times: nil, effect: Self.locked))
            let first = try await bench.pass()
            #expect((first.published, first.recorded, first.waiting) == (1, 2, 1))
            #expect((first.failures.count, first.status) == (0, .success))
            #expect(first.waitingFor.contains { $0.contains("open in Nextcloud") && $0.contains("a_result.json") })
            let requests = bench.standIn.requests.count { $0.status == 423 }
            #expect(requests <= 8, "it is not asked all the time")
            bench.standIn.removeFaults()
            bench.advance(.seconds(60))
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("a result that somebody has had open for more than an hour needs a person, and is tried all the same")
    func openForLong() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.openInEditor(bench.resultPath("jpeg/a.jpg"), by: "Léa")
            try bench.putScan("jpeg/a.jpg", "grive")
            #expect(try await bench.pass().failures == [])
            bench.advance(.seconds(1800))
            #expect(try await bench.pass().failures == [])
            bench.advance(.seconds(1900))
            let late = try await bench.pass()
            #expect((late.failures.count, late.waiting, late.status) == (1, 1, .sheetFailed))
            #expect(late.failures.allSatisfy { $0.reason.contains("more than an hour") && $0.path == "jpeg/a.jpg" })
            try bench.standIn.closeEditor(of: bench.resultPath("jpeg/a.jpg"))
            bench.advance(.seconds(60))
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("who has a result open is named where the server tells")
    func openBySomebody() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.lock(bench.resultPath("jpeg/a.jpg"), by: "Léa")
            try bench.putScan("jpeg/a.jpg", "grive")
            let first = try await bench.pass()
            #expect((first.published, first.failures.count, first.status) == (0, 0, .success))
            #expect(first.waitingFor.contains { $0.contains("Léa has") })
            try bench.standIn.lock(bench.resultPath("jpeg/a.jpg"), by: nil)
            bench.advance(.seconds(60))
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("a server that says \"at once\" is asked no sooner than after our own first pause")
    func retryAtOnce() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "_result.json", times: nil,
                    effect: .status(503, headers: ["Retry-After": "0"])))
            let began = bench.now
            var options = PassOptions()
            // The scan is due one or two seconds after it was listed, another try two seconds after the first.
            options.patience = .milliseconds(2500)
            let summary = try await bench.pass(options)
            #expect((summary.published, summary.waiting) == (0, 1))
            #expect(bench.standIn.requests.count { $0.status == 503 } == 1, "the circuit is open, for our own pause")
            let next = try await StateDatabase(directory: bench.stateDirectory).read {
                try $0.jobs.job(1)?.nextAttempt
            }
            // A sheet that waits for the circuit has no time of its own.
            #expect(next.map { $0.timeIntervalSince(began) >= 2 } ?? true)
        }
    }

    @Test("a server that asks for a short pause at the first question is waited for", arguments: [429, 503])
    func shortPause(status: Int) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            for _ in 0..<2 {
                bench.standIn.addFault(
                    Fault(
                        method: "PROPFIND", times: 2, effect: .status(status, headers: ["Retry-After": "2"])))
                let began = bench.now
                let summary = try await bench.pass()
                #expect((summary.status, summary.problem) == (.success, nil))
                #expect(bench.now.timeIntervalSince(began) >= 4)
                try bench.putScan("jpeg/b.jpg", "grive")
            }
            #expect(try bench.result("jpeg/b.jpg") != nil)
            bench.standIn.addFault(
                Fault(method: "PROPFIND", times: nil, effect: .status(status, headers: ["Retry-After": "2"])))
            let summary = try await bench.pass()
            #expect(summary.status == .unavailable)
            if status == 429 { #expect(summary.problem?.contains("asks to wait 2 s") == true) }
            #expect(bench.standIn.requests.count { $0.status == status } < 20, "our own pause grows")
        }
    }

    @Test("a folder of ours that alone refuses the login is told as that, and is no login refused")
    func refusedOnlyForWriting() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "transcription_results", times: nil,
                    effect: ServerAnswer.nextcloud(401, "NotAuthenticated")))
            await #expect {
                _ = try await bench.pass()
            } throws: { error in
                guard let error = error as? PassError, case .unwritableRoot(let reason) = error else { return false }
                return reason.contains("status 401") && reason.contains(".nids-sync.json")
            }
            #expect(bench.engine.calls.isEmpty, "nothing is asked for what cannot be written")
        }
    }

    @Test("a result that somebody had open for long moves within a minute once it is closed")
    func openWhileMoving() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            bench.standIn.addFault(Fault(method: "MOVE", times: nil, effect: Self.locked))
            for _ in 0..<5 {
                #expect(try await bench.pass().failures == [])
                bench.advance(.seconds(600))
            }
            bench.advance(.seconds(1200))
            #expect(try await bench.pass().failures.count == 1, "after an hour only a person can mend it")
            bench.standIn.removeFaults()
            bench.advance(.seconds(60))
            #expect(try await bench.pass().waiting == 0)
            #expect(try bench.result("jpeg/b.jpg") != nil)
        }
    }

    @Test("a share that becomes read-only fails no sheet, is not hammered, and gets everything when it may be written")
    func readOnly() async throws {
        try await PassBench.with { bench in
            for index in 0..<40 { try bench.putScan("jpeg/\(index % 4)/\(index).jpg", "n\(index)") }
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: Self.forbidden))
            let first = try await bench.pass()
            #expect((first.transcribed, first.recorded, first.published) == (40, 40, 0))
            #expect((first.failures.count, first.waiting, first.status) == (0, 40, .unavailable))
            #expect(first.waitingFor.contains { $0.contains("right to do that") })
            let refused = bench.standIn.requests.count { $0.status == 403 }
            #expect(refused <= 24, "\(refused)")
            bench.standIn.removeFaults()
            bench.advance(.seconds(60))
            let second = try await bench.pass()
            #expect((second.published, second.waiting, second.status) == (40, 0, .success))
        }
    }

    @Test("one folder that may not be written delays the results of no other")
    func readOnlyFolder() async throws {
        try await PassBench.with { bench in
            for index in 0..<12 { try bench.putScan("jpeg/\(index % 2)/\(index).jpg", "n\(index)") }
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "/jpeg/1/", times: nil, effect: Self.forbidden))
            let first = try await bench.pass()
            #expect((first.published, first.recorded, first.failures.count) == (6, 12, 0))
            bench.standIn.removeFaults()
            bench.advance(.seconds(60))
            #expect(try await bench.pass().published == 6)
        }
    }

    @Test("a result's name that the server refuses is told as that sheet's, and the others go on")
    func refusedName() async throws {
        try await PassBench.with { bench in
            for name in ["aux", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "aux_result", times: nil,
                    effect: ServerAnswer.nextcloud(
                        400, "InvalidPath", "aux is a forbidden file or folder name.",
                        in: "OCA\\DAV\\Connector\\Sabre\\Exception")))
            let summary = try await bench.pass()
            #expect((summary.published, summary.recorded, summary.status) == (1, 2, .sheetFailed))
            #expect(summary.failures.map(\.path) == ["jpeg/aux.jpg"])
            #expect(summary.failures.first?.reason.contains("rename") == true)
        }
    }

    @Test("a 401 of one file is that file's, while the root takes the same login")
    func oneFile() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b", "c"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.standIn.addFault(Fault(method: "GET", pathContains: "a.jpg", times: nil, effect: .status(401)))
            let summary = try await bench.pass()
            #expect((summary.published, summary.waiting) == (2, 1))
            #expect(summary.status != .refused)
            #expect(summary.waitingFor.contains { $0.contains("a.jpg") })
        }
    }

    @Test("a root that refuses the login once, and takes it after a pause, has not refused it")
    func refusedOnce() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                bench.standIn.addFault(Fault(times: 2, effect: .status(401)))
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.status != .refused)
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg") != nil)
        }
    }

    @Test("a page in front of the server for every upload fails no sheet")
    func portal() async throws {
        try await PassBench.with { bench in
            for index in 0..<10 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: ServerAnswer.foreign(404)))
            let first = try await bench.pass()
            #expect((first.published, first.failures.count, first.status) == (0, 0, .unavailable))
            #expect(bench.standIn.requests.count { $0.status == 404 && $0.method == "PUT" } <= 24)
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            #expect(try await bench.pass().published == 10)
        }
    }
}
