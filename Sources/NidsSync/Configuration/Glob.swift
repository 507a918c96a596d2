/// A pattern of paths: `*` and `?` within a segment, `**` for any number of segments, on UTF-8 bytes.
///
/// A pattern that ends in a slash means everything in that folder. Letters of different case are different; NFC and
/// NFD spellings are not told apart by a pattern without accents.
struct Glob: Sendable, Hashable {
    private let segments: [[UInt8]]

    init(_ pattern: String) {
        var segments = pattern.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
        if !segments.isEmpty, pattern.utf8.last == UInt8(ascii: "/") { segments.append(Array("**".utf8)) }
        self.segments = segments
    }

    /// True where the pattern matches the whole path.
    ///
    /// As within a segment, one point to return to is enough: what stood before the last `**` has found its place.
    func matches(_ path: [UInt8]) -> Bool {
        let names = path.split(separator: UInt8(ascii: "/"))
        var s = 0
        var n = 0
        var back: (segment: Int, name: Int)?
        while n < names.count {
            if s < segments.count, Self.isAnyDepth(segments[s]) {
                s += 1
                back = (s, n)
            } else if s < segments.count, Self.matchSegment(segments[s][...], names[n]) {
                s += 1
                n += 1
            } else if let point = back {
                back = (point.segment, point.name + 1)
                s = point.segment
                n = point.name + 1
            } else {
                return false
            }
        }
        return segments[s...].allSatisfy(Self.isAnyDepth)
    }

    private static func isAnyDepth(_ segment: [UInt8]) -> Bool { segment.elementsEqual("**".utf8) }

    /// With one point to return to, so that no name costs more than its length times the pattern's.
    private static func matchSegment(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var p = pattern.startIndex
        var n = name.startIndex
        var star: (pattern: Int, name: Int)?
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                star = (p + 1, n)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == UInt8(ascii: "?") {
                p += 1
                n = endOfLetter(name, n)
            } else if p < pattern.endIndex, pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let back = star {
                let next = endOfLetter(name, back.name)
                star = (back.pattern, next)
                p = back.pattern
                n = next
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Past a letter's first byte and the continuation bytes that follow it.
    private static func endOfLetter(_ name: ArraySlice<UInt8>, _ start: Int) -> Int {
        var end = start + 1
        while end < name.endIndex, name[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}

extension Glob {
    /// Advice about signs that other programs give a meaning, and that here stand for themselves and so would match
    /// nothing; `nil` for a pattern without any.
    static func misunderstanding(in pattern: String) -> String? {
        if pattern.contains("{") || pattern.contains("}") {
            return "There are no alternatives in braces: write a pattern for each; for a brace in a name write ?."
        }
        if pattern.contains("[") || pattern.contains("]") {
            return "There are no classes in brackets: write ? for any letter, and also for a bracket in a name."
        }
        if pattern.contains("\\") { return "Folders are separated by /, and nothing is escaped by a backslash." }
        if pattern.hasPrefix("!") { return "Nothing is excepted by !: name it in nextcloud.exclude." }
        let segments = pattern.split(separator: "/", omittingEmptySubsequences: false)
        if segments.contains(".") || segments.contains("..") || segments.first?.isEmpty == true {
            return "It begins below nextcloud.root, for example jpeg/**, without /, ./ or ../."
        }
        return nil
    }
}
