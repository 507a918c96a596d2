import Foundation

/// Words for what a machine is in want of.
enum MachineFault {
    /// The error for a number of the C library, `nil` when it says nothing of the machine.
    static func error(_ number: Int32, doing action: String) -> TranscriptionError? {
        reason(number).map { .machineFault(reason: "\(action): \($0)") }
    }

    private static func reason(_ number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "no room is left on the disk: make room"
        case EMFILE: "too many open files: raise the service's limit (ulimit -n)"
        case ENFILE: "too many open files on this machine: raise fs.file-max"
        case ENOMEM: "no memory is left: the machine needs more, or fewer sheets at a time"
        case EAGAIN: "no more processes can be started: raise the limit (ulimit -u, TasksMax)"
        case EROFS: "the disk is mounted read-only"
        case EIO: "the disk fails (input/output error)"
        default: nil
        }
    }

    /// The error in a program's complaints, `nil` when they say nothing of the machine.
    static func error(in complaints: String, of program: String) -> TranscriptionError? {
        let signs: [(String, Int32)] = [
            ("No space left on device", ENOSPC), ("Disk quota exceeded", EDQUOT),
            ("Too many open files in system", ENFILE),
            ("Too many open files", EMFILE), ("Cannot allocate memory", ENOMEM),
            ("Resource temporarily unavailable", EAGAIN), ("Read-only file system", EROFS), ("Input/output error", EIO),
        ]
        // Ours are tighter than most, but a process may have been given less.
        if complaints.contains("prlimit: failed to set") {
            return .machineFault(
                reason: "\(program) could not be started within its limits: raise those of this process "
                    + "(ulimit -f, -v, -t)")
        }
        guard let (_, number) = signs.first(where: { complaints.contains($0.0) }) else { return nil }
        return error(number, doing: "\(program) could not go on")
    }

    /// The error number behind an error of Foundation, `nil` where there is none.
    static func number(of error: any Error) -> Int32? {
        var error = error as NSError
        while let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = inner }
        return error.domain == NSPOSIXErrorDomain ? Int32(exactly: error.code) : nil
    }
}
