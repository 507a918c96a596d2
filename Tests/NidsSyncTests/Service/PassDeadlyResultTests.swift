import Foundation
import GRDB
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

/// Deaths over what somebody else wrote, which would come again at every start.
@Suite("Deaths over a result that is there", .timeLimit(.minutes(2)))
struct PassDeadlyResultTests {
    private static let result = "transcription_results/jpeg/modele_a/a_result.json"

    /// Looks at everything and takes up nothing.
    private var looking: PassOptions {
        var options = PassOptions()
        options.limit = 0
        return options
    }

    private func job(_ state: StateDatabase) async throws -> Int64 {
        try #require(try await state.database.read { try Int64.fetchOne($0, sql: "SELECT id FROM job") })
    }

    private func starts(_ bench: PassBench) async throws -> Int? {
        try await StateDatabase(copyOf: bench.stateDirectory).database.read {
            try Int.fetchOne($0, sql: "SELECT starts FROM job")
        }
    }

    @Test("taking over a result is a start that counts, and after ten deaths it is set aside until it changes")
    func adopting() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put("\(PassBench.root)/\(Self.result)", Array(#"{"annee": "1999", "nid": {}}"#.utf8))
            _ = try await bench.pass(looking)
            let state = try StateDatabase(directory: bench.stateDirectory)
            let id = try await job(state)
            try await state.database.write { try $0.execute(sql: "UPDATE job SET stage = 'adopting', starts = 9") }
            let taken = try await state.write { try $0.jobs.take(id, at: [.adopting], countsStart: true) }
            #expect(taken?.starts == 10)
            let summary = try await bench.pass()
            #expect(summary.failures.first?.reason.contains("died 10 times") == true)
            #expect(bench.engine.callCount == 0, "nothing is paid for where a result lies")
            bench.advance(.seconds(60))
            try bench.standIn.put("\(PassBench.root)/\(Self.result)", Array(#"{"annee": "1998", "nid": {}}"#.utf8))
            let next = try await bench.pass()
            #expect((next.failures.count, next.recorded) == (0, 1))
            #expect(try await starts(bench) == 0)
        }
    }

    @Test("so is reading what a person made of a result")
    func recording() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            #expect(try await bench.pass().recorded == 1)
            bench.advance(.seconds(60))
            try bench.standIn.put("\(PassBench.root)/\(Self.result)", Array(#"{"annee": "1999", "nid": {}}"#.utf8))
            _ = try await bench.pass(looking)
            let state = try StateDatabase(directory: bench.stateDirectory)
            try await state.database.write { try $0.execute(sql: "UPDATE job SET starts = 10") }
            let summary = try await bench.pass()
            #expect(summary.failures.first?.reason.contains("died 10 times") == true)
            bench.advance(.seconds(60))
            try bench.standIn.put("\(PassBench.root)/\(Self.result)", Array(#"{"annee": "1998", "nid": {}}"#.utf8))
            #expect(try await bench.pass().recorded == 1)
            #expect(try await starts(bench) == 0)
        }
    }
}
