import Synchronization

/// The work that a process does once and not at every poll: a poll that finds nothing new costs one request and little else.
final class OncePerProcess: Sendable {
    private let jobs = Mutex(false)
    private let results = Mutex(false)
    private let names = Mutex(false)
    private let claimed = Mutex(false)
    private let version = Mutex<Int?>(nil)
    let clock = ClockWatch()

    /// Set once the results have been looked at that an earlier process knew to have changed.
    var resultsAreSeen: Bool {
        get { results.withLock { $0 } }
        set { results.withLock { $0 = newValue } }
    }

    /// Set once it is settled which of several scans of one stem has which result.
    var namesAreSettled: Bool {
        get { names.withLock { $0 } }
        set { names.withLock { $0 = newValue } }
    }

    /// Set once every sheet known at the start is known to have a job for each configured model.
    var jobsAreComplete: Bool {
        get { jobs.withLock { $0 } }
        set { jobs.withLock { $0 = newValue } }
    }

    /// Set once this installation works on the root: what a person meant by `--take-over` is done then.
    var hasClaimed: Bool {
        get { claimed.withLock { $0 } }
        set { claimed.withLock { $0 = newValue } }
    }

    /// The state as this process knows it: it has another version once another process has written to it.
    var stateVersion: Int? {
        get { version.withLock { $0 } }
        set { version.withLock { $0 = newValue } }
    }
}
