import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass when Nextcloud stands in the way")
struct PassStorageTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("a full quota stops uploads, not the transcription and the recording of what is paid")
    func quota() async throws {
        try await PassBench.with { bench in
            for index in 0..<6 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            bench.standIn.addFault(
                Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: .status(507)))
            let full = try await bench.pass()
            #expect((full.published, full.recorded, full.status) == (0, 6, .unavailable))
            #expect(full.waitingFor.contains { $0.contains("quota") })
            bench.standIn.removeFaults()
            let again = try await bench.pass()
            #expect((again.published, again.recorded, again.transcribed, again.status) == (6, 0, 0, .success))
            #expect(bench.engine.callCount == 6)
        }
    }

    @Test("maintenance stops uploads, not the recording of what is paid")
    func maintenance() async throws {
        try await PassBench.with { bench in
            for index in 0..<4 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            bench.engine.play { _ in
                bench.standIn.conditions.maintenance = true
                return nil
            }
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (0, .unavailable))
            #expect(summary.recorded == summary.transcribed)
            #expect(summary.transcribed > 0)
            #expect(summary.problem?.contains("maintenance") == true)
            bench.standIn.conditions.maintenance = false
            bench.engine.play(nil)
            let again = try await bench.pass()
            #expect((again.status, again.published) == (.success, 4))
            #expect(bench.engine.calls.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("a locked result is tried again until it is free")
    func locked() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "a_result", times: 3, effect: .status(423)))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
        }
    }

    @Test("being asked to wait is obeyed, and no sheet fails of it")
    func tooManyRequests() async throws {
        try await PassBench.with { bench in
            for index in 0..<4 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            bench.standIn.addFault(
                Fault(
                    method: "GET", pathContains: "jpeg/", times: 2, effect: .status(429, headers: ["Retry-After": "20"])
                ))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (4, .success))
        }
    }

    @Test("a password refused in the middle stops everything, and what was paid is not lost")
    func refused() async throws {
        try await PassBench.with { bench in
            for index in 0..<40 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            bench.engine.play { _ in
                bench.standIn.addFault(Fault(times: nil, effect: .status(401)))
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.status == .refused)
            let refused = bench.standIn.requests.count { $0.status == 401 }
            #expect(refused <= 40, "those under way, and no more")
            bench.standIn.removeFaults()
            bench.engine.play(nil)
            #expect(try await bench.pass().status == .success)
            #expect(bench.engine.calls.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("rights withdrawn from the results: a visible reason, and everything when they are given back")
    func forbidden() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "_result.json", times: nil, effect: .status(403)))
            let summary = try await bench.pass()
            #expect((summary.published, summary.recorded, summary.status) == (0, 1, .unavailable))
            #expect((summary.failures.count, summary.waiting) == (0, 1))
            #expect(summary.waitingFor.contains { $0.contains("write in transcription_results/jpeg/modele_a") })
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            let again = try await bench.pass()
            #expect((again.published, again.transcribed, again.status) == (1, 0, .success))
        }
    }

    @Test("a folder renamed under our hands: its scans are found where they are, and nothing is paid twice")
    func renamedMeanwhile() async throws {
        try await PassBench.with { bench in
            for index in 0..<6 { try bench.putScan("jpeg/alt/\(index).jpg", "espèce \(index)") }
            bench.engine.play { _ in
                try? bench.standIn.move("\(PassBench.root)/jpeg/alt", to: "\(PassBench.root)/jpeg/neu")
                return nil
            }
            _ = try await bench.pass(settings: ["NIDS_TRANSCRIPTION_CONCURRENCY": "1"])
            bench.engine.play(nil)
            for _ in 0..<3 {
                bench.advance(.seconds(600))
                _ = try await bench.pass()
            }
            for index in 0..<6 {
                #expect(try bench.result("jpeg/neu/\(index).jpg") != nil)
                #expect(try bench.result("jpeg/alt/\(index).jpg") == nil)
            }
            #expect(try await bench.rows().count == 6)
            #expect(bench.engine.calls.values.allSatisfy { $0 == 1 })
        }
    }
}
