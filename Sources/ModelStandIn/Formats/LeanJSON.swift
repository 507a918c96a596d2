import Foundation

/// A JSON document whose long strings (Base64 of pictures) stay where they are: they are neither unescaped nor copied
/// before they are asked for.
struct LeanJSON {
    /// Strings shorter than that are read as usual.
    private static let longString = 2048
    /// Begins what stands for a long string.
    private static let mark = "\u{1}"

    let root: Any
    private let body: [UInt8]
    private let long: [Range<Int>]

    /// `nil` when the bytes are not JSON.
    init?(_ body: [UInt8]) {
        var long: [Range<Int>] = []
        var skeleton: [UInt8] = []
        var copied = 0
        body.withUnsafeBytes { bytes in
            var position = 0
            while let start = Self.index(of: 0x22, in: bytes, from: position) {
                guard let end = Self.endOfString(bytes, from: start + 1) else { break }
                position = end + 1
                guard end - start > Self.longString,
                    Self.index(of: 0x5C, in: UnsafeRawBufferPointer(rebasing: bytes[..<end]), from: start + 1) == nil
                else { continue }
                skeleton += bytes[copied...start]
                skeleton += "\\u0001\(long.count)".utf8
                long.append(start + 1..<end)
                copied = end
            }
            skeleton += bytes[copied...]
        }
        guard let root = try? JSONSerialization.jsonObject(with: Data(skeleton)) else { return nil }
        self.root = root
        self.body = body
        self.long = long
    }

    /// A string's text.
    func text(_ value: Any?) -> String? {
        guard let text = value as? String else { return nil }
        return longRange(text).map { String(decoding: body[$0], as: UTF8.self) } ?? text
    }

    /// A string's bytes, from some place on.
    func withBytes<Value>(_ text: String, from offset: Int = 0, _ read: (UnsafeRawBufferPointer) -> Value) -> Value {
        if let range = longRange(text) {
            return body.withUnsafeBytes {
                read(
                    UnsafeRawBufferPointer(
                        rebasing: $0[min(range.lowerBound + offset, range.upperBound)..<range.upperBound]))
            }
        }
        return Array(text.utf8.dropFirst(offset)).withUnsafeBytes(read)
    }

    private func longRange(_ text: String) -> Range<Int>? {
        guard text.hasPrefix(Self.mark), let index = Int(text.dropFirst()), long.indices.contains(index) else {
            return nil
        }
        return long[index]
    }

    private static func index(of byte: Int32, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        return memchr(base + start, byte, bytes.count - start).map { UnsafeRawPointer($0) - base }
    }

    /// Where the quote that ends a string stands.
    private static func endOfString(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var position = start
        while let quote = index(of: 0x22, in: bytes, from: position) {
            var backslashes = 0
            while quote - backslashes > start, bytes[quote - backslashes - 1] == 0x5C { backslashes += 1 }
            if backslashes.isMultiple(of: 2) { return quote }
            position = quote + 1
        }
        return nil
    }
}
