import Foundation
import NidsSync
import Synchronization

/// The process's standard output and error, written as they are, at once.
enum Output {
    /// The reason why something for standard output could not be written.
    struct Fault {
        static let status = ExitStatus.unwritableOutput
        var number: Int32

        /// Says so, unless the reader simply went away, as `head` does.
        func tell() {
            guard number != EPIPE else { return }
            Output.error("nids-sync: the output cannot be written: \(String(cString: strerror(number)))\n")
        }
    }

    private static let failure = Mutex<Int32?>(nil)

    /// What kept standard output from being written, `nil` where all of it was.
    static var fault: Fault? { failure.withLock { $0 }.map(Fault.init) }

    static func out(_ text: String) {
        guard let number = write(text, STDOUT_FILENO) else { return }
        failure.withLock { $0 = $0 ?? number }
    }

    /// What nobody can be told is not told.
    static func error(_ text: String) { _ = write(text, STDERR_FILENO) }

    /// - Returns: `errno` where it could not be written, `nil` where it was.
    private static func write(_ text: String, _ descriptor: Int32) -> Int32? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EAGAIN {
                // Whoever gave us the pipe does not want to wait for it; we do.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
