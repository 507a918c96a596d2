import Glibc

/// The way in which glibc gives out memory.
enum Allocation {
    private typealias Option = @convention(c) (Int32, Int32) -> Int32

    /// Keeps the process as small after a burst of work as it was before.
    ///
    /// By default every thread has an arena of its own, in which what lived long keeps the room of what did not; that
    /// left some 5 kB for every sheet worked on. And once a large block was freed, others as large are put among the
    /// small ones.
    static func keepSmall() {
        // Another C library has no such options, and Swift does not see them in glibc's headers.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(symbol, to: Option.self)
        let (trimThreshold, mapThreshold, arenas): (Int32, Int32, Int32) = (-1, -3, -8)
        _ = set(arenas, 1)
        _ = set(mapThreshold, 256 << 10)
        _ = set(trimThreshold, 512 << 10)
    }
}
