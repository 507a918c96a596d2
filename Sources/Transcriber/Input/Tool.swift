import Foundation
import Subprocess

/// A program of this machine that looks at scans.
struct Tool: Sendable {
    let name: String
    /// The Debian package that brings it.
    let package: String
    let timeLimit: Duration

    /// A shorter limit for all programs: tests with files that keep them busy need not wait as long.
    @TaskLocal static var shorterLimit: Duration?

    static let identify = Tool(name: "identify", package: "imagemagick", timeLimit: .seconds(30))
    static let convert = Tool(name: "convert", package: "imagemagick", timeLimit: .seconds(90))
    static let djpeg = Tool(name: "djpeg", package: "libjpeg-turbo-progs", timeLimit: .seconds(30))
    static let exiv2 = Tool(name: "exiv2", package: "exiv2", timeLimit: .seconds(30))
    static let pdfinfo = Tool(name: "pdfinfo", package: "poppler-utils", timeLimit: .seconds(30))
    static let pdftoppm = Tool(name: "pdftoppm", package: "poppler-utils", timeLimit: .seconds(60))
    static let pdfimages = Tool(name: "pdfimages", package: "poppler-utils", timeLimit: .seconds(30))
    static let tesseract = Tool(name: "tesseract", package: "tesseract-ocr", timeLimit: .seconds(240))

    /// The words of a program that has ended, and whether it ended well.
    struct Outcome: Sendable {
        var succeeded: Bool
        var output: String
        var complaints: String
    }

    /// Runs the program to its end. When the task is cancelled, or the time limit is over, it is killed.
    ///
    /// - Throws: `TranscriptionError.toolMissing` without the program; `.toolFailed` when it hangs or crashes, which it
    ///   does on this scan alone; `.machineFault` when it cannot be started, is killed by somebody else, or is in want
    ///   of room, memory or files; `.cancelled`.
    func run(_ arguments: [String]) async throws(TranscriptionError) -> Outcome {
        do {
            return try await withThrowingTaskGroup(of: Outcome?.self) { group in
                group.addTask { try await collect(arguments) }
                group.addTask {
                    try await Task.sleep(for: min(timeLimit, Self.shorterLimit ?? timeLimit))
                    return nil
                }
                defer { group.cancelAll() }
                guard let outcome = try await group.next(), let outcome else { throw hanging }
                try Task.checkCancellation()
                return outcome
            }
        } catch let error as TranscriptionError {
            throw Task.isCancelled ? .cancelled : error
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw .toolMissing(name: name, package: package)
        } catch let error as SubprocessError {
            if Task.isCancelled { throw .cancelled }
            throw failure(error)
        } catch {
            throw Task.isCancelled ? .cancelled : .machineFault(reason: "\(name) could not be run: \(error)")
        }
    }

    private var hanging: TranscriptionError {
        .toolFailed(
            reason: "\(name) did not come to an end with this scan within \(timeLimit.components.seconds) seconds and "
                + "was stopped: scan it again")
    }

    private func failure(_ error: SubprocessError) -> TranscriptionError {
        if error.code == .outputLimitExceeded {
            return .toolFailed(reason: "\(name) had more to say of this scan than anybody reads: scan it again")
        }
        func number<Code: RawRepresentable>(_ code: Code) -> Code.RawValue { code.rawValue }
        let fault = error.underlyingError.flatMap { MachineFault.error(number($0), doing: "\(name) could not be run") }
        return fault ?? .machineFault(reason: "\(name) could not be run: \(error)")
    }

    /// What the end of a program means that did not end by itself.
    ///
    /// One that crashes does so over what it was given; a signal that ends or kills came from elsewhere, mostly from
    /// the system that is out of memory.
    private func failure(signal: Int32) -> TranscriptionError {
        switch signal {
        case SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGSYS, SIGTRAP:
            .toolFailed(reason: "\(name) crashed over this scan (signal \(signal)): scan it again")
        case SIGKILL:
            .machineFault(reason: "\(name) was killed: has the machine run out of memory?")
        default:
            .machineFault(reason: "\(name) was ended from outside (signal \(signal))")
        }
    }

    /// The environment that the programs need, without the service's secrets.
    ///
    /// One thread: the service runs several sheets at a time, and OpenMP's threads mostly wait for each other. The C
    /// locale keeps the programs' messages in the words that are looked for.
    private static var environment: Environment {
        let own = ProcessInfo.processInfo.environment
        var values: [Environment.Key: String] = ["OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"]
        let kept: [(Environment.Key, String)] = [
            ("PATH", "PATH"), ("HOME", "HOME"), ("TMPDIR", "TMPDIR"), ("TESSDATA_PREFIX", "TESSDATA_PREFIX"),
        ]
        for (key, name) in kept { values[key] = own[name] }
        // What a program leaves behind when it is killed goes with the folder.
        if let folder = WorkFolder.current { values["TMPDIR"] = folder.path }
        return .custom(values)
    }

    /// Bytes of memory (all that is mapped counts) and of a file written; seconds of a processor, for those that go on
    /// when this process has been killed; no core dumps of somebody's sheet.
    private static let limits = ["--as=4294967296", "--fsize=1073741824", "--cpu=300", "--core=0"]

    private func collect(_ arguments: [String]) async throws -> Outcome {
        let program = try await Executable.name(name).resolveExecutablePath(in: Self.environment)
        let result = try await Subprocess.run(
            .name("prlimit"),
            arguments: Arguments(Self.limits + ["--", "\(program)"] + arguments),
            environment: Self.environment,
            output: .string(limit: 16 << 20),
            error: .string(limit: 1 << 20))
        let outcome = Outcome(
            succeeded: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            complaints: Self.ends(of: result.standardError))
        switch result.terminationStatus {
        // A file grew beyond its limit, or the time of the processor: what the scan asks for is too much.
        case .signaled(SIGXFSZ), .signaled(SIGXCPU): break
        case .signaled(let signal): throw failure(signal: signal)
        case .exited(0): break
        case .exited:
            if let fault = MachineFault.error(in: outcome.complaints, of: name) { throw fault }
        }
        return outcome
    }

    /// The beginning and the end of a program's complaints: a file can make it repeat one by the megabyte, and all that
    /// is looked for in them stands there.
    private static func ends(of complaints: String) -> String {
        let (bytes, kept) = (complaints.utf8, 8_000)
        guard bytes.count > 2 * kept else { return complaints }
        return String(decoding: bytes.prefix(kept), as: UTF8.self) + "\n"
            + String(decoding: bytes.suffix(kept), as: UTF8.self)
    }
}
