import HarnessSupport
import Testing
import Transcriber

@Suite("Waiting before trying again")
struct BackoffTests {
    @Test("waits are spread over the whole interval, which doubles up to the cap")
    func growth() {
        var random = SeededGenerator(seed: 42)
        let backoff = Backoff(base: .seconds(2), cap: .seconds(10))
        for (attempt, limit) in [(1, 2), (2, 4), (3, 8), (4, 10), (5, 10), (Int.max, 10), (0, 2), (Int.min, 2)] {
            let delays = (0..<200).map { _ in backoff.delay(attempt: attempt, using: &random) }
            #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(limit) })
            #expect((delays.min() ?? .seconds(99)) < .seconds(limit) / 10)
            #expect((delays.max() ?? .zero) > .seconds(limit) * 9 / 10)
        }
    }

    @Test("never earlier than the server asked, however long")
    func retryAfter() {
        var random = SeededGenerator(seed: 1)
        let backoff = Backoff(base: .seconds(2), cap: .seconds(10))
        #expect(backoff.delay(attempt: 1, retryAfter: .seconds(3600), using: &random) == .seconds(3600))
        for _ in 0..<50 {
            #expect(backoff.delay(attempt: 4, retryAfter: .seconds(5), using: &random) >= .seconds(5))
        }
    }

    @Test("odd settings do not trap")
    func odd() {
        var random = SeededGenerator(seed: 1)
        #expect(Backoff(base: .zero, cap: .seconds(1)).delay(attempt: 9, using: &random) == .zero)
        #expect(Backoff(base: .seconds(-1), cap: .seconds(1)).delay(attempt: 9, using: &random) == .zero)
        let huge = Duration(secondsComponent: .max, attosecondsComponent: 0)
        #expect(Backoff(base: .seconds(1), cap: huge).delay(attempt: .max, using: &random) >= .zero)
    }
}
