import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("A pass when scans are gone")
struct PassVanishedTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("withdraws a scan's row only when two looks in a row lacked it, and touches no file")
    func withdrawn() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/a.jpg"))
            #expect(try await bench.pass().withdrawn == 0)
            #expect(try await bench.rows().count == 2)
            let second = try await bench.pass()
            #expect((second.withdrawn, second.status) == (1, .success))
            #expect(try await bench.rows().count == 1)
            #expect(try bench.result("jpeg/a.jpg") != nil)
            bench.standIn.resetRequests()
            #expect(try await bench.pass().withdrawn == 0)
            #expect(bench.standIn.requests.count == 1, "nothing is left to confirm")
        }
    }

    @Test("brings it back without cost when it is there again, wherever that is")
    func restored() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/a.jpg"))
            for _ in 0..<2 { _ = try await bench.pass() }
            try bench.putScan("jpeg/a.jpg", "merle")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.recorded, summary.status) == (0, 1, .success))
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("one that was away for one look only was never gone")
    func flickering() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: "ailleurs.jpg")
            #expect(try await bench.pass().withdrawn == 0)
            try bench.standIn.move("ailleurs.jpg", to: root("jpeg/a.jpg"))
            let summary = try await bench.pass()
            #expect((summary.withdrawn, summary.transcribed, summary.recorded) == (0, 0, 0))
            #expect(try await bench.pass().withdrawn == 0)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("withdraws the scans of a folder that is gone, after two looks")
    func folder() async throws {
        try await PassBench.with { bench in
            for index in 0..<3 { try bench.putScan("jpeg/x/y/\(index).jpg", "espèce \(index)") }
            try bench.putScan("jpeg/z.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/x"))
            #expect(try await bench.pass().withdrawn == 0)
            #expect(try await bench.pass().withdrawn == 3)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a pass over a part of the sheets withdraws nothing")
    func partial() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/a.jpg"))
            var options = PassOptions()
            options.limit = 5
            for _ in 0..<3 { #expect(try await bench.pass(options).withdrawn == 0) }
            #expect(try await bench.rows().count == 2)
            #expect(try await bench.pass().withdrawn == 1)
        }
    }

    @Test("a listing that ends early says nothing of what it lacks")
    func brokenListing() async throws {
        try await PassBench.with { bench in
            for index in 0..<5 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            _ = try await bench.pass()
            for _ in 0..<3 {
                try bench.putScan("jpeg/0.jpg", "autre")
                bench.standIn.addFault(
                    Fault(
                        method: "PROPFIND", pathContains: "jpeg", depth: "1", times: nil,
                        effect: .errorInsideMultistatus(afterResponses: 2)))
                let summary = try await bench.pass()
                #expect(summary.withdrawn == 0)
                bench.standIn.removeFaults()
            }
            #expect(try await bench.rows().count == 5)
            #expect(try await bench.pass().withdrawn == 0)
        }
    }

    @Test("a scan that vanishes while it is being worked on costs nothing and nobody")
    func vanishesMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.engine.play { _ in
                try? bench.standIn.delete("\(PassBench.root)/jpeg/b.jpg")
                return nil
            }
            let summary = try await bench.pass(settings: ["NIDS_TRANSCRIPTION_CONCURRENCY": "1"])
            #expect(summary.status == .success)
            #expect(try bench.result("jpeg/a.jpg") != nil)
            for _ in 0..<3 { #expect(try await bench.pass().status == .success) }
        }
    }
}
