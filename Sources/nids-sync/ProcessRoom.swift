import Glibc

/// The threads and open files that the program needs: without threads libdispatch waits for ever, and silently.
enum ProcessRoom {
    /// Two of HTTP, one of the signals and one of the started programs, those of the databases and of Swift's tasks.
    private static let needed = 16
    /// The databases' files, the connections to the server and the models, the pipes of started programs.
    private static let neededFiles: rlim_t = 64
    /// As many as it may ever need; what it starts gets the same limit.
    private static let usefulFiles: rlim_t = 4096

    /// Takes as many open files as this user may have: what a shell gives is often less.
    static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, usefulFiles))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// The sentence for a person where this user may not have what is needed, `nil` where it may.
    static func shortage() -> String? { shortageOfFiles() ?? shortageOfThreads() }

    private static func shortageOfFiles() -> String? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < neededFiles else {
            return nil
        }
        return
            "too many files would be open: it needs \(neededFiles), and this user may have \(limit.rlim_cur): raise the "
            + "limit (ulimit -n, LimitNOFILE)"
    }

    /// Tried out by starting them all at once: the limits of users, control groups and containers are in several places.
    private static func shortageOfThreads() -> String? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            return
                "no pipe can be opened (\(String(cString: strerror(errno)))): raise the limit of open files (ulimit -n)"
        }
        var threads: [pthread_t] = []
        var code: Int32 = 0
        while threads.count < needed, code == 0 {
            var thread = pthread_t()
            code = pthread_create(&thread, nil, waitForEnd, UnsafeMutableRawPointer(bitPattern: Int(ends[0])))
            if code == 0 { threads.append(thread) }
        }
        close(ends[1])
        for thread in threads { pthread_join(thread, nil) }
        close(ends[0])
        guard code != 0 else { return nil }
        return "only \(threads.count) of the \(needed) threads that it needs can be started "
            + "(\(String(cString: strerror(code)))): raise the limit (ulimit -u, TasksMax, the container's pids limit)"
    }
}

/// Waits until the other end of the pipe is closed.
private func waitForEnd(_ descriptor: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var byte: UInt8 = 0
    _ = read(Int32(truncatingIfNeeded: Int(bitPattern: descriptor)), &byte, 1)
    return nil
}
