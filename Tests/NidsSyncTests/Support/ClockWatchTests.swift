import DAV
import Foundation
import Synchronization
import Testing

@testable import NidsSync

@Suite("The clock of a running process")
struct ClockWatchTests {
    @Test("only a clock that goes back is noticed, and once")
    func watch() {
        let watch = ClockWatch()
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(!watch.wasSetBack(to: start))
        #expect(!watch.wasSetBack(to: start + 86_400))
        #expect(!watch.wasSetBack(to: start + 86_399.5))
        #expect(watch.wasSetBack(to: start))
        #expect(!watch.wasSetBack(to: start))
    }

    @Test("a circuit opened before the clock was set back is tried now, and not in a year")
    func breaker() throws {
        let now = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let breaker = CircuitBreaker(models: ["m"], triesAgain: true, now: { now.withLock { $0 } }, closed: {})
        breaker.open(.nextcloud, .nextcloud("away"))
        breaker.open(.model("m"), .model(label: "m", "away"), retryAfter: .seconds(7200))
        #expect(breaker.isOpen(.nextcloud) && breaker.isOpen(.model("m")))
        now.withLock { $0 -= 366 * 86_400 }
        #expect(!breaker.isOpen(.nextcloud) && !breaker.isOpen(.model("m")))
        #expect(breaker.reason(.nextcloud) == nil)
        #expect(breaker.nextTry(after: now.withLock { $0 }) == nil)
        #expect(breaker.recordSuccess(.nextcloud))
    }

    @Test("a job set aside before the clock was set back is not left alone for a year")
    func queue() {
        let queue = JobQueue(lanes: [.adopting], limit: nil)
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        queue.refresh()
        queue.fill(.adopting, [DueJob(id: 1, starts: 0)], isAll: true, at: start, since: queue.events)
        #expect(queue.begin(.adopting) == 1)
        queue.end(1, in: .adopting, .returned, restingUntil: start + 1)
        let back = start - 366 * 86_400
        #expect(queue.nextReturn(after: back) == nil)
        queue.fill(.adopting, [DueJob(id: 1, starts: 0)], isAll: true, at: back, since: queue.events)
        #expect(queue.begin(.adopting) == 1)
    }
}
