import Foundation
import Testing

@testable import NidsSync

@Suite("The queue of jobs")
struct JobQueueTests {
    private let lanes: [Lane] = [.delivering, .adopting, .asking(model: "m")]
    private let asking = Lane.asking(model: "m")

    private func queue(_ ids: [Int64], limit: Int? = nil, starts: Int = 0) -> JobQueue {
        let queue = JobQueue(lanes: lanes, limit: limit)
        queue.refresh()
        fill(queue, ids, starts: starts)
        return queue
    }

    private func fill(_ queue: JobQueue, _ ids: [Int64], starts: Int = 0, isAll: Bool = true, at now: Date = .sample) {
        queue.fill(
            asking, ids.map { DueJob(id: $0, starts: starts) }, isAll: isAll, at: now, since: queue.events)
    }

    @Test("jobs begin in the order in which they are due, each once")
    func order() {
        let queue = queue([3, 1, 2])
        #expect([queue.begin(asking), queue.begin(asking)] == [3, 1])
        fill(queue, [3, 1, 2])
        #expect(queue.begin(asking) == 2)
        #expect(queue.begin(asking) == nil)
        #expect(queue.count(in: asking) == 3)
        #expect(!queue.needsReading(asking))
    }

    @Test("a job that goes on in another lane is ready there, and one that is done is counted")
    func outcomes() {
        let queue = queue([1, 2])
        _ = (queue.begin(asking), queue.begin(asking))
        queue.end(1, in: asking, .goesOn(.delivering), restingUntil: .sample)
        #expect(queue.begin(.delivering) == 1)
        queue.end(1, in: .delivering, .ended, restingUntil: .sample)
        queue.end(2, in: asking, .postponed, restingUntil: .sample)
        #expect(queue.finishedCount == 1)
        #expect(queue.needsReading(asking))
        #expect(queue.isIdle(since: queue.events))
    }

    @Test("a job that came back as it was is left alone until its time")
    func returned() {
        let queue = queue([1])
        _ = queue.begin(asking)
        queue.end(1, in: asking, .returned, restingUntil: .sample + 1)
        #expect(queue.nextReturn(after: .sample) == .sample + 1)
        fill(queue, [1])
        #expect(queue.begin(asking) == nil)
        queue.refresh()
        fill(queue, [1], at: .sample + 1)
        #expect(queue.begin(asking) == 1)
    }

    @Test("with a limit no more jobs begin than it says, but those that have begun go on")
    func limited() {
        let queue = queue([1, 2, 3], limit: 2)
        #expect([queue.begin(asking), queue.begin(asking), queue.begin(asking)] == [1, 2, nil])
        #expect(queue.isFull)
        queue.end(1, in: asking, .postponed, restingUntil: .sample)
        fill(queue, [3, 1])
        #expect(queue.begin(asking) == 1)
    }

    @Test("a scan on which the program died twice is worked on alone")
    func suspect() {
        let queue = queue([1])
        let other = queue.begin(asking)
        fill(queue, [2], starts: Asker.startLimit - 1)
        #expect(queue.begin(asking) == nil)
        queue.end(other ?? 0, in: asking, .ended, restingUntil: .sample)
        #expect(queue.begin(asking) == 2)
        fill(queue, [3])
        #expect(queue.begin(asking) == nil, "nothing begins beside it")
        queue.end(2, in: asking, .ended, restingUntil: .sample)
        #expect(queue.begin(asking) == 3)
    }

    @Test("a lane that was read in part is read again, and everything once something was adopted")
    func reading() {
        let queue = JobQueue(lanes: lanes, limit: nil)
        queue.refresh()
        fill(queue, [1], isAll: false)
        _ = queue.begin(asking)
        #expect(queue.needsReading(asking))
        fill(queue, [1], isAll: true)
        #expect(!queue.needsReading(asking))
        queue.end(9, in: .adopting, .ended, restingUntil: .sample)
        #expect(queue.needsReading(asking))
    }

    @Test("what happens while a lane is read leaves it unread")
    func events() {
        let queue = JobQueue(lanes: lanes, limit: nil)
        queue.refresh()
        let events = queue.events
        queue.refresh()
        queue.fill(asking, [], isAll: true, at: .sample, since: events)
        #expect(queue.needsReading(asking))
    }
}
