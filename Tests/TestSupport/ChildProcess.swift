import Foundation
import Synchronization

/// A program run beside the tests, which dies with them however they end.
///
/// Each has a thread that starts it and waits for it: Linux binds the parent-death signal to the thread that forked.
public final class ChildProcess: Sendable {
    private struct State {
        var identifier: pid_t = 0
        var status: Int32?
    }

    private final class Child: Sendable {
        let state = Mutex(State())
        let ended = Signal()
    }

    // A connection that a child inherited would stay open after the test has closed it.
    private static let closingFiles = """
        for file in /proc/self/fd/*; do
            number=${file##*/}
            if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
        done
        exec "$0" "$@"
        """

    private let child = Child()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the program's full path, then its arguments.
    ///   - output: the file that takes what it prints, both ways.
    ///   - user: who it runs as, where the tests run as root. A program that changes its user itself would escape the
    ///     parent-death signal, which Linux clears then.
    /// - Throws: `TestFailure` when it cannot be started.
    public init(_ arguments: [String], output: String = "/dev/null", user: String? = nil) throws {
        let started = DispatchSemaphore(value: 0)
        let child = child
        Thread.detachNewThread {
            let becoming =
                user.map { ["/usr/bin/setpriv", "--reuid", $0, "--regid", $0, "--init-groups"] } ?? []
            let wrapper =
                ["/bin/bash", "-c", Self.closingFiles] + (geteuid() == 0 ? becoming : [])
                + ["/usr/bin/setpriv", "--pdeathsig", "KILL"]
            let identifier = Self.spawn(wrapper + arguments, output: output)
            child.state.withLock { $0.identifier = identifier }
            started.signal()
            if identifier > 0 { Self.reap(identifier, child) }
            child.ended.fire()
        }
        started.wait()
        guard child.state.withLock({ $0.identifier }) > 0 else { throw TestFailure("cannot start \(arguments)") }
    }

    deinit { signal(SIGKILL) }

    /// Runs a program to its end and returns what it printed.
    /// - Throws: `TestFailure` when it fails.
    @discardableResult
    public static func run(_ arguments: [String]) async throws -> String {
        let folder = try TemporaryDirectory()
        let child = try ChildProcess(arguments, output: folder.file("output"))
        let status = await child.exitStatus()
        let output = String(decoding: folder.read("output") ?? [], as: UTF8.self)
        guard status == 0 else { throw TestFailure("\(arguments.joined(separator: " ")): \(output)") }
        return output
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool { child.state.withLock { $0.status == nil } }

    /// Sends it a signal, if it still runs.
    public func signal(_ signal: Int32) {
        child.state.withLock { state in
            if state.status == nil, state.identifier > 0 { kill(state.identifier, signal) }
        }
    }

    /// Waits for its end: its exit status, or 128 and the signal's number.
    public func exitStatus() async -> Int32 {
        await child.ended.wait()
        return child.state.withLock { $0.status ?? -1 }
    }

    /// Kills it and waits for its end.
    public func stop() async {
        signal(SIGKILL)
        _ = await exitStatus()
    }

    private static func spawn(_ arguments: [String], output: String) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier: pid_t = 0
        guard posix_spawn(&identifier, arguments[0], &actions, nil, &words, environ) == 0 else { return -1 }
        return identifier
    }

    private static func reap(_ identifier: pid_t, _ child: Child) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        // Reaped under the lock, so that no signal ever goes to another process of the same number.
        child.state.withLock { state in
            var status: Int32 = 0
            waitpid(identifier, &status, 0)
            state.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        }
    }
}
