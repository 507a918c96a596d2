/// Makes ETags of collections: the time in microseconds, 13 hexadecimal digits, never the same twice (PHP's `uniqid`).
struct CollectionETags {
    private var last = 0

    mutating func next(now: Int) -> String {
        last = max(now / 1_000, last + 1)
        return Identifiers.hex(last / 1_000_000, digits: 8) + Identifiers.hex(last % 1_000_000, digits: 5)
    }
}
