import Testing
import Transcriber

@Suite("A model that is paused")
struct PauseScheduleTests {
    @Test("is tried again at growing intervals, never before the provider allows")
    func intervals() {
        let waits = (1...8).map { PauseSchedule.wait(attempt: $0) }
        #expect(waits.first == .seconds(60) && waits.last == .seconds(3600))
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(PauseSchedule.wait(attempt: 1, retryAfter: .seconds(40_000)) == .seconds(40_000))
        #expect(PauseSchedule.wait(attempt: 9, retryAfter: .seconds(1)) == .seconds(3600))
        #expect(PauseSchedule.wait(attempt: .min) == .seconds(60))
    }
}
