import Foundation

/// Everything that one run of a pass has in hand.
struct PassRun: Sendable {
    let tally = PassTally()
    let breaker: CircuitBreaker
    let ownUploads = OwnUploads()
    let queue: JobQueue
    let wakeUp = WakeUp()
    /// Asked to stop when one of those who look and work has ended.
    let ending = StopSignal()

    /// - Parameter isContinuous: `true` where it goes on until somebody asks to stop.
    init(models: [String], limit: Int?, isContinuous: Bool, timing: Timing) {
        let lanes = [.delivering, .adopting] + models.flatMap { [Lane.asking(model: $0), .batching(model: $0)] }
        let queue = JobQueue(lanes: lanes, limit: limit)
        let wakeUp = wakeUp
        self.queue = queue
        breaker = CircuitBreaker(models: models, triesAgain: isContinuous, now: timing.now) {
            queue.refresh()
            wakeUp.signal()
        }
    }

    /// No new work is begun, and no further look.
    func end() {
        ending.request()
        queue.close()
        wakeUp.signal()
    }

    /// There may be new work.
    func announceWork() {
        queue.refresh()
        wakeUp.signal()
    }
}
