import Foundation

/// An open file, or a part of it, read piece by piece while it is sent; a file that is replaced meanwhile stays whole.
final class FileSource: Sendable {
    private let descriptor: Int32
    let range: Range<Int>
    private let path: String

    init(path: String, range: Range<Int>) throws(StandInError) {
        self.path = path
        self.range = range
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StandInError.store(path: path, reason: Disk.reason()) }
    }

    deinit { close(descriptor) }

    /// The bytes at an offset, at most a piece of 64 KiB; empty at the end.
    func read(at offset: Int) throws(StandInError) -> [UInt8] {
        let wanted = min(65_536, range.upperBound - offset)
        guard wanted > 0 else { return [] }
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            count = pread(descriptor, buffer.baseAddress, wanted, off_t(offset))
            initialized = max(0, count)
        }
        guard count > 0 else { throw .store(path: path, reason: count < 0 ? Disk.reason() : "ended early") }
        return bytes
    }
}
