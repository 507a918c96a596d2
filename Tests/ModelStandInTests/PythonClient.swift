import Foundation
import Subprocess

/// The providers' own Python clients, in a virtual environment kept between runs.
///
/// Needs Debian's `python3-venv`, and PyPI (or pip's cache) for `google-genai` and `openai`.
enum PythonClient {
    private struct CommandFailed: Error, CustomStringConvertible {
        let description: String
    }

    /// Two tests must not make the environment at once.
    private static let environment = Task {
        let path = FileManager.default.temporaryDirectory.path + "/nids-sync-tests-model-clients"
        let ready = path + "/ready"
        if FileManager.default.fileExists(atPath: ready) { return path }
        _ = try await output("python3", ["-m", "venv", "--clear", path])
        _ = try await output("env", [path + "/bin/pip", "install", "--quiet", "google-genai>=1.51", "openai>=2"])
        try Data().write(to: URL(fileURLWithPath: ready))
        return path
    }

    /// What a script prints.
    static func run(_ script: String, _ arguments: String...) async throws -> String {
        let python = try await environment.value + "/bin/python"
        return try await output("env", ["-u", "HTTP_PROXY", "-u", "http_proxy", python, "-c", script] + arguments)
    }

    private static func output(_ command: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(command), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw CommandFailed(
                description: "\(command) \(arguments.prefix(4)): \(result.standardError) (needs python3-venv)")
        }
        return result.standardOutput
    }
}
