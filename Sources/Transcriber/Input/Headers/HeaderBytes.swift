import Foundation

/// A file's bytes, read where somebody else says: every place is checked, and what is not there is `nil`.
struct HeaderBytes {
    private let bytes: Data
    private let start: Data.Index
    /// The number of bytes.
    let count: Int
    /// True where numbers have their highest byte first.
    var isBigEndian = true

    init(_ bytes: Data, isBigEndian: Bool = true) {
        self.bytes = bytes
        start = bytes.startIndex
        count = bytes.count
        self.isBigEndian = isBigEndian
    }

    func byte(_ place: Int) -> Int? {
        guard place >= 0, place < count else { return nil }
        return Int(bytes[start + place])
    }

    /// A number of 1 to 4 bytes without a sign.
    func number(_ place: Int, length: Int) -> Int? {
        guard length > 0, length <= 4, place >= 0, place <= count - length else { return nil }
        return (0..<length).reduce(0) { number, index in
            let next = isBigEndian ? index : length - 1 - index
            return number << 8 | Int(bytes[start + place + next])
        }
    }

    func has(_ text: StaticString, at place: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard place >= 0, place <= count - length else { return false }
        return bytes[start + place..<start + place + length].elementsEqual("\(text)".utf8)
    }

    /// A part; what of it lies beyond the end is left out.
    func part(_ place: Int, length: Int) -> HeaderBytes? {
        guard place >= 0, place <= count, length >= 0 else { return nil }
        let end = min(count, place + min(length, count))
        return HeaderBytes(bytes[start + place..<start + end], isBigEndian: isBigEndian)
    }
}
