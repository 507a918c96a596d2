/// The bits of a JPEG's scan, without the bytes that are stuffed behind 0xFF, up to the next marker (ITU-T T.81, F.2.2.5).
struct EntropyBits {
    private let bytes: UnsafeRawBufferPointer
    /// The place of the next byte that has not been taken in.
    private(set) var position: Int
    /// The next bits, the first of them highest; those behind the last one are 0.
    private var buffer: UInt64 = 0
    /// The bits that are in it.
    private(set) var count = 0

    /// - Parameter bytes: must live as long as this does.
    init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// The next bits as a number, zeros where there are none; at most 16.
    @inline(__always)
    func peek(_ length: Int) -> Int { Int(truncatingIfNeeded: buffer >> UInt64(truncatingIfNeeded: 64 - length)) }

    /// Takes in as many as there is room for, at least 32 where there are so many before the marker.
    @inline(__always)
    mutating func fill() {
        guard count < 32 else { return }
        if position >= 0, position <= bytes.count - 4 {
            let next = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            // None of the four is 0xFF: their complement has no byte of zeros.
            let inverted = ~next
            if (inverted &- 0x0101_0101) & next & 0x8080_8080 == 0 {
                buffer |= UInt64(next) << UInt64(truncatingIfNeeded: 32 - count)
                count += 32
                position += 4
                return
            }
        }
        fillSlowly()
    }

    private mutating func fillSlowly() {
        while count <= 56, position < bytes.count {
            let byte = bytes[position]
            if byte == 0xFF {
                guard position + 1 < bytes.count, bytes[position + 1] == 0 else { return }
                position += 1
            }
            position += 1
            buffer |= UInt64(byte) << UInt64(truncatingIfNeeded: 56 - count)
            count += 8
        }
    }

    /// Leaves bits behind; `false` where there are not so many.
    @inline(__always)
    mutating func skip(_ length: Int) -> Bool {
        guard length <= count else { return false }
        buffer <<= UInt64(truncatingIfNeeded: length)
        count -= length
        return true
    }

    /// Ends at the byte that has been begun; `false` where whole bytes are left before the marker.
    mutating func endAtMarker() -> Bool {
        fill()
        guard count < 8, position + 1 < bytes.count, bytes[position] == 0xFF else { return false }
        (buffer, count) = (0, 0)
        return true
    }

    /// Goes on behind a marker.
    mutating func skipMarker() { position += 2 }

    /// The marker's code that stands here.
    var marker: UInt8? { position + 1 < bytes.count && bytes[position] == 0xFF ? bytes[position + 1] : nil }
}
