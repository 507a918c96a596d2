import Foundation
import Subprocess
import Synchronization
import TestSupport
import Testing

/// The program as it was built, run as a process of its own.
enum Program {
    /// `nids-sync`, which the build puts beside the tests' resources.
    static let path = Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "nids-sync").path

    /// Runs it to its end; past the limit it is killed, and the test fails.
    ///
    /// - Parameters:
    ///   - environment: all that it gets, `PATH` aside.
    ///   - folder: the folder that it works in.
    ///   - wrapper: a program that becomes ours after it has changed what it works in.
    ///   - body: is run beside it.
    static func run(
        _ arguments: [String], environment: [String: String], folder: String, limit: Duration = .seconds(150),
        within wrapper: [String] = [],
        beside body: @escaping @Sendable (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await start(wrapper, arguments, environment, folder, body) }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next(), let outcome else {
                throw TestFailure("nids-sync \(arguments.joined(separator: " ")) did not end within \(limit)")
            }
            return outcome
        }
    }

    private static func start(
        _ outer: [String], _ arguments: [String], _ environment: [String: String], _ folder: String,
        _ body: @escaping @Sendable (RunningProgram) async throws -> Void
    ) async throws -> Outcome {
        var variables = environment
        variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        // Whatever becomes of the tests, no daemon outlives them. Variables given as bytes are C strings, NUL and all.
        // Tests may be run where a closed terminal means nothing (nohup): the program begins as it does at a terminal.
        let wrapper = ["--default-signal=HUP", "-C", folder] + outer + ["setpriv", "--pdeathsig", "KILL", path]
        let configuration = Configuration(
            executable: .name("env"), arguments: Arguments(wrapper + arguments),
            environment: .custom(variables.map { Array("\($0)=\($1)\0".utf8) }))
        let signalled = FirstSignal()
        let result = try await Subprocess.run(
            configuration, input: .none, output: .string(limit: 4 << 20), error: .string(limit: 4 << 20)
        ) { execution in
            let program = RunningProgram(identifier: execution.processIdentifier.value) { signal in
                signalled.note()
                try execution.send(signal: Subprocess.Signal(rawValue: signal))
            }
            do {
                try await body(program)
                return nil as (any Error)?
            } catch {
                try? program.send(SIGKILL)
                return error
            }
        }
        if let error = result.closureResult {
            throw TestFailure("\(error); the program said: \(result.standardOutput)\(result.standardError)")
        }
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Outcome(
            status: status, output: result.standardOutput, errors: result.standardError,
            afterSignal: signalled.elapsed)
    }
}

/// When a signal was first sent.
private final class FirstSignal: Sendable {
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    func note() { instant.withLock { $0 = $0 ?? .now } }

    var elapsed: Duration? { instant.withLock { $0.map { .now - $0 } } }
}

/// The program while it runs.
struct RunningProgram: Sendable {
    let identifier: Int32
    /// Sends it a signal, by its number.
    let send: @Sendable (Int32) throws -> Void
}

extension RunningProgram {
    /// Whether it has not ended yet; a process that ended and waits to be asked for its status has.
    var isRunning: Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8) else {
            return false
        }
        // The name, in parentheses, may hold anything.
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}
