import Glibc

/// What `/proc` tells of a process's memory, in bytes.
struct ProcessMemory {
    var peakResident = 0
    var anonymous = 0

    /// - Returns: `nil` once the process has ended.
    init?(of identifier: pid_t) {
        let descriptor = open("/proc/\(identifier)/status", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let text = String(unsafeUninitializedCapacity: 4096) { max(0, read(descriptor, $0.baseAddress, $0.count)) }
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "VmHWM:".utf8) { peakResident = Self.bytes(line) }
            if line.starts(with: "RssAnon:".utf8) { anonymous = Self.bytes(line) }
        }
        if peakResident == 0 { return nil }
    }

    /// "VmHWM:      1234 kB"
    private static func bytes(_ line: Substring.UTF8View) -> Int {
        line.reduce(0) { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($1) ? $0 * 10 + Int($1 - 48) : $0 } << 10
    }
}
