import Testing

@testable import Transcriber

@Suite("How well sheets are ordered for looking over")
struct ReviewOrderTests {
    @Test("is the share of what is not right in the first tenth, beside chance and the best")
    func share() throws {
        let readings = (0..<20).map { number in (priority: number, wrong: number == 19 ? 4 : number == 0 ? 6 : 0) }
        let order = try #require(ReviewOrder(readings))
        #expect((order.sheets, order.first, order.wrong) == (20, 2, 10))
        #expect(order.share == 0.4)
        #expect(order.randomShare == 0.1)
        #expect(order.bestShare == 1)
    }

    @Test("of sheets with one priority any is as likely to come first")
    func ties() throws {
        let order = try #require(ReviewOrder((0..<20).map { (priority: 7, wrong: $0 % 3) }))
        #expect(abs(order.share - order.randomShare) < 1e-9)
        #expect(ReviewOrder([]) == nil)
        #expect(ReviewOrder([(priority: 9, wrong: 0)]) == nil)
        #expect(ReviewOrder([(priority: 0, wrong: 3)])?.share == 1)
    }
}
