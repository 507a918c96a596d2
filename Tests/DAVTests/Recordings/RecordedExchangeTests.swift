import Testing

@Suite("Recorded exchanges", .timeLimit(.minutes(2)))
struct RecordedExchangeTests {
    @Test("are understood as they should be", arguments: try RecordedExchange.all())
    func replay(exchange: RecordedExchange) async throws {
        let expected = try #require(Self.verdicts[exchange.name], "this recording is in no table")
        #expect(try await verdict(on: exchange) == expected)
    }

    @Test("are all there, and none is forgotten")
    func complete() throws {
        #expect(try Set(RecordedExchange.all().map(\.name)) == Set(Self.verdicts.keys))
        #expect(Self.verdicts.count == 60)
    }
}
