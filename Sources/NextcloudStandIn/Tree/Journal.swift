import Foundation

/// The metadata beside the files: one line a change, only ever appended to, so that a killed process loses at most the
/// change it was making, and the next one gives the same ids and ETags.
struct Journal: ~Copyable {
    let path: String
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private(set) var lines = 0

    /// Opens the journal for appending; `lines` is how many it holds, `length` what of it is whole.
    static func open(path: String, lines: Int, length: Int) throws(StandInError) -> Journal {
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StandInError.store(path: path, reason: Disk.reason()) }
        // A line cut short by a kill must not join the next one.
        guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            let reason = Disk.reason()
            close(descriptor)
            throw StandInError.store(path: path, reason: reason)
        }
        return Journal(path: path, descriptor: descriptor, lines: lines)
    }

    private init(path: String, descriptor: Int32, lines: Int) {
        self.path = path
        self.descriptor = descriptor
        self.lines = lines
    }

    deinit { close(descriptor) }

    mutating func append(_ line: JournalLine) {
        line.write(into: &pending)
        lines += 1
    }

    /// Hands what was appended to the system.
    mutating func flush() throws(StandInError) {
        defer { pending.removeAll(keepingCapacity: true) }
        try Disk.writeAll(pending[...], to: descriptor, path: path)
    }
}
