import Foundation
import Synchronization
import TestSupport

/// What a program took from its start to its end.
struct Usage: Sendable {
    /// Seconds.
    var wall = 0.0
    /// Seconds of processor time, user and system.
    var cpu = 0.0
    /// The most memory it had resident, in bytes.
    var peakResident = 0
    /// The most of it that was its own: heap and stacks, not files mapped.
    var peakAnonymous = 0
    /// Its exit status, or 128 and the signal's number.
    var status: Int32 = 0
    /// What it wrote to standard output and error.
    var output = ""
}

/// A program run and measured by itself; it dies with this process.
///
/// Its memory is looked at every two milliseconds: what `wait4` tells of it includes this process's own, which the
/// child shares until it becomes the other program.
final class Child: Sendable {
    private struct State {
        var identifier: pid_t = 0
        var usage: Usage?
        var peakAnonymous = 0
        var peakResident = 0
    }

    private final class Record: Sendable {
        let state = Mutex(State())
        let ended = Signal()
    }

    private let record = Record()

    /// - Parameters:
    ///   - arguments: the program's full path, then its arguments.
    ///   - environment: all that it gets, `PATH` aside.
    ///   - output: the file that takes what it prints.
    init(_ arguments: [String], environment: [String: String] = [:], output: String) throws {
        let started = DispatchSemaphore(value: 0)
        let record = record
        Thread.detachNewThread {
            let start = ContinuousClock.now
            let words = ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + arguments
            let identifier = Self.spawn(words, environment, output: output)
            record.state.withLock { $0.identifier = identifier }
            started.signal()
            if identifier > 0 {
                Thread.detachNewThread { Self.watch(identifier, record) }
                Self.reap(identifier, record, since: start, output: output)
            }
            record.ended.fire()
        }
        started.wait()
        guard identifier > 0 else { throw TestFailure("cannot start \(arguments[0])") }
    }

    deinit { signal(SIGKILL) }

    var identifier: pid_t { record.state.withLock { $0.identifier } }
    var isRunning: Bool { record.state.withLock { $0.usage == nil } }
    /// The most anonymous memory seen so far, in bytes.
    var peakAnonymous: Int { record.state.withLock { $0.peakAnonymous } }

    /// Waits for its end.
    func end() async -> Usage {
        await record.ended.wait()
        return record.state.withLock { $0.usage ?? Usage() }
    }

    func signal(_ signal: Int32) {
        record.state.withLock { state in
            if state.usage == nil, state.identifier > 0 { kill(state.identifier, signal) }
        }
    }

    /// Seconds of processor time so far.
    var cpu: Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(identifier, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Runs a program to its end.
    /// - Throws: `TestFailure` when it fails.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], accepting statuses: Set<Int32> = [0]
    ) async throws -> Usage {
        let folder = try TemporaryDirectory()
        let child = try Child(arguments, environment: environment, output: folder.file("output"))
        let usage = await child.end()
        guard statuses.contains(usage.status) else {
            throw TestFailure("\(arguments.joined(separator: " ")) ended with \(usage.status): \(usage.output)")
        }
        return usage
    }

    private static func spawn(_ words: [String], _ environment: [String: String], output: String) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        closeFilesOnExec()
        var variables = environment
        variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in arguments + settings { free(word) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, words[0], &actions, nil, &arguments, &settings)
        return code == 0 ? identifier : -1
    }

    /// A connection of the stand-in's that a child inherited would stay open after it was closed here.
    private static func closeFilesOnExec() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    private static func watch(_ identifier: pid_t, _ record: Record) {
        while record.state.withLock({ $0.usage == nil }) {
            if let memory = ProcessMemory(of: identifier) {
                record.state.withLock { state in
                    state.peakAnonymous = max(state.peakAnonymous, memory.anonymous)
                    state.peakResident = max(state.peakResident, memory.peakResident)
                }
            }
            usleep(2000)
        }
    }

    private static func reap(
        _ identifier: pid_t, _ record: Record, since start: ContinuousClock.Instant, output: String
    ) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let wall = (ContinuousClock.now - start).inSeconds
        let text = FileManager.default.contents(atPath: output).map { String(decoding: $0, as: UTF8.self) } ?? ""
        // Reaped under the lock, so that no signal ever goes to another process of the same number.
        record.state.withLock { state in
            var status: Int32 = 0
            var resources = rusage()
            wait4(identifier, &status, 0, &resources)
            state.usage = Usage(
                wall: wall, cpu: resources.ru_utime.inSeconds + resources.ru_stime.inSeconds,
                peakResident: state.peakResident, peakAnonymous: state.peakAnonymous,
                status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: text)
        }
    }
}

extension timeval {
    fileprivate var inSeconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
