import Glibc

/// The threads that the program needs: without them libdispatch waits for ever, and silently.
enum ThreadRoom {
    /// Two of HTTP, one of the signals and one of the started programs, those of the databases and of Swift's tasks.
    private static let needed = 16

    /// The sentence for a person where this user may not start as many threads, `nil` where it may.
    ///
    /// Tried out by starting them all at once: the limits of users, control groups and containers are in several places.
    static func shortage() -> String? {
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
