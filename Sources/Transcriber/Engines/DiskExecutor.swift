import Dispatch

/// Runs an actor's work on a queue of its own: reading and writing files blocks, and must not block Swift's threads.
final class DiskExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "nids-sync.disk")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
