import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What is over in a moment")
struct PassMomentTests {
    private static let locked = ServerAnswer.nextcloud(423, "FileLocked", in: "OCA\\DAV\\Connector\\Sabre\\Exception")
    private static let gone = ServerAnswer.nextcloud(404, "NotFound")

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("folders for many results are made one after the other: our own requests do not lock one another out")
    func folders() async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.locksWhileMaking = true
            for index in 0..<8 { try bench.putScan("jpeg/lot \(index)/a.jpg", "espèce \(index)") }
            #expect(try await bench.pass().published == 8)
            #expect(bench.standIn.requests.count { $0.status == 423 } == 0)
        }
    }

    @Test("what is locked though nobody has it open is tried again within seconds", arguments: ["MKCOL", "GET", "PUT"])
    func locked(method: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: method, pathContains: "jpeg/", times: 2, effect: Self.locked))
            let began = bench.now
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            #expect(bench.now.timeIntervalSince(began) < 20)
        }
    }

    @Test("a scan that cannot be had since the whole root is away is read the moment that the root is back")
    func rootAway() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "GET", pathContains: "jpeg/a.jpg", effect: .delay(.milliseconds(400))))
            async let pass = bench.pass()
            while !bench.standIn.requests.contains(where: { $0.method == "GET" && $0.path.hasSuffix("a.jpg") }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            try bench.standIn.move(PassBench.root, to: "ailleurs")
            let first = try await pass
            #expect((first.published, first.waiting, first.status) == (0, 1, .unavailable))
            try bench.standIn.move("ailleurs", to: PassBench.root)
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("a scan that is replaced between its listing and its download holds up no pass: the next look reads it")
    func replaced() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "GET", pathContains: "jpeg/a.jpg", effect: .delay(.milliseconds(400))))
            let began = bench.now
            async let pass = bench.pass()
            while !bench.standIn.requests.contains(where: { $0.method == "GET" && $0.path.hasSuffix("a.jpg") }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            try bench.putScan("jpeg/a.jpg", "grive musicienne")
            let first = try await pass
            #expect((first.published, first.waiting, first.status) == (0, 1, .success))
            #expect(bench.now.timeIntervalSince(began) < 25)
            #expect(try await bench.pass().published == 1)
            #expect(bench.engine.calls == ["grive musicienne": 1])
        }
    }

    @Test("a pass does not wait for the next try of a scan that its look lacked")
    func lacking() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.standIn.addFault(Fault(method: "GET", pathContains: "jpeg/a.jpg", effect: Self.gone))
            #expect(try await bench.pass().waiting == 1)
            bench.advance(.seconds(60))
            try bench.standIn.delete(root("jpeg/a.jpg"))
            let began = bench.now
            _ = try await bench.pass()
            #expect(bench.now.timeIntervalSince(began) < 30)
        }
    }
}
