/// A pattern of paths: `*` and `?` within a segment, `**` for any number of segments, on UTF-8 bytes.
///
/// Letters of different case are different; NFC and NFD spellings are not told apart by a pattern without accents.
struct Glob: Sendable, Hashable {
    private let segments: [[UInt8]]

    init(_ pattern: String) {
        segments = pattern.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }

    /// Whether the whole path is meant.
    func matches(_ path: [UInt8]) -> Bool {
        Self.match(segments[...], path.split(separator: UInt8(ascii: "/"))[...])
    }

    /// Whether something below that collection may be meant.
    func mayMatch(below collection: [UInt8]) -> Bool {
        let path = collection.split(separator: UInt8(ascii: "/"))
        for (index, name) in path.enumerated() {
            guard index < segments.count else { return false }
            if segments[index].elementsEqual("**".utf8) { return true }
            if !Self.matchSegment(segments[index][...], name) { return false }
        }
        return segments.count > path.count
    }

    private static func match(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first.elementsEqual("**".utf8) {
            return match(pattern.dropFirst(), path) || (!path.isEmpty && match(pattern, path.dropFirst()))
        }
        guard let name = path.first, matchSegment(first[...], name) else { return false }
        return match(pattern.dropFirst(), path.dropFirst())
    }

    /// Linear with one point to return to: a hostile name costs nothing.
    private static func matchSegment(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var p = pattern.startIndex
        var n = name.startIndex
        var star: (pattern: Int, name: Int)?
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                star = (p + 1, n)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let back = star {
                star = (back.pattern, back.name + 1)
                p = back.pattern
                n = back.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
