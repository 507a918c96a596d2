import Foundation

/// Tells of a sequential JPEG with Huffman's codes that every block of it is there, by reading all codes and keeping
/// nothing (ITU-T T.81, annex F).
///
/// It is strict: whatever is not perfect does not pass, and decoders, which forgive more, look at it.
enum EntropyCheck {
    /// - Returns: `true` when the picture is whole to its end of image, `false` when anything is amiss, or of a form that
    ///   is not read here.
    static func passes(_ data: Data) -> Bool {
        guard let head = JPEGHead(data), !head.isProgressive else { return false }
        return data.withUnsafeBytes { bytes in
            var picture = EntropyPicture(bytes)
            return picture.isWhole(HeaderBytes(data))
        }
    }
}

/// A sequential JPEG on the way through its segments.
private struct EntropyPicture {
    private struct Component {
        var id: Int
        var across: Int
        var down: Int
        var isSeen = false
    }

    private let bytes: UnsafeRawBufferPointer
    private var size = (width: 0, height: 0)
    private var components: [Component] = []
    private var dc = [HuffmanCodes?](repeating: nil, count: 4)
    private var ac = [HuffmanCodes?](repeating: nil, count: 4)
    private var restartInterval = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func isWhole(_ header: HeaderBytes) -> Bool {
        var place = 2
        while true {
            guard let segment = JPEGSegment(header, at: place) else { return isEnd(header, place) }
            let content = bytes[segment.content..<segment.end]
            place = segment.end
            switch segment.marker {
            case 0xC0, 0xC1: guard readFrame(content) else { return false }
            case 0xC4: guard readCodes(content) else { return false }
            case 0xDD:
                guard let interval = header.number(segment.content, length: 2) else { return false }
                restartInterval = interval
            case 0xDA:
                guard let end = scan(content, at: place) else { return false }
                place = end
            case 0xC2, 0xC3, 0xC5...0xCF, 0xDC: return false
            default: break
            }
        }
    }

    /// True at the end of image, when every component has come.
    private func isEnd(_ header: HeaderBytes, _ start: Int) -> Bool {
        var place = start
        while header.byte(place) == 0xFF, header.byte(place + 1) == 0xFF { place += 1 }
        return header.number(place, length: 2) == 0xFFD9 && !components.isEmpty && components.allSatisfy(\.isSeen)
    }

    private mutating func readFrame(_ content: Slice<UnsafeRawBufferPointer>) -> Bool {
        let content = Array(content)
        guard components.isEmpty, content.count >= 6, content[0] == 8 else { return false }
        size = (Int(content[3]) << 8 | Int(content[4]), Int(content[1]) << 8 | Int(content[2]))
        let count = Int(content[5])
        guard size.width > 0, size.height > 0, (1...4).contains(count), content.count == 6 + 3 * count else {
            return false
        }
        components = stride(from: 6, to: content.count, by: 3).map {
            Component(
                id: Int(content[$0]), across: Int(content[$0 + 1] >> 4), down: Int(content[$0 + 1] & 0x0F))
        }
        return components.allSatisfy { (1...4).contains($0.across) && (1...4).contains($0.down) }
    }

    private mutating func readCodes(_ content: Slice<UnsafeRawBufferPointer>) -> Bool {
        var rest = Array(content)[...]
        while let kind = rest.popFirst() {
            let counts = rest.prefix(16)
            let total = counts.reduce(0) { $0 + Int($1) }
            let symbols = rest.dropFirst(16).prefix(total)
            let (isDC, place) = (kind >> 4 == 0, Int(kind & 0x0F))
            guard kind >> 4 < 2, place < 4, let codes = HuffmanCodes(counts: counts, symbols: symbols, isDC: isDC)
            else { return false }
            if isDC { dc[place] = codes } else { ac[place] = codes }
            rest = rest.dropFirst(16 + total)
        }
        return true
    }

    /// Reads a scan's codes to its end; the place of the next marker, `nil` when anything is amiss.
    private mutating func scan(_ content: Slice<UnsafeRawBufferPointer>, at start: Int) -> Int? {
        let content = Array(content)
        guard let count = content.first.map(Int.init), (1...4).contains(count), content.count == 4 + 2 * count,
            content[count * 2 + 1] == 0, content[count * 2 + 2] == 63
        else { return nil }
        var units: [EntropyUnit] = []
        var members: [Component] = []
        for index in 0..<count {
            let (id, tables) = (Int(content[1 + 2 * index]), content[2 + 2 * index])
            guard let place = components.firstIndex(where: { $0.id == id }), !components[place].isSeen,
                let dc = dc[Int(tables >> 4) & 3], let ac = ac[Int(tables & 3)], tables & 0xCC == 0
            else { return nil }
            components[place].isSeen = true
            let component = components[place]
            members.append(component)
            let blocks = count == 1 ? 1 : component.across * component.down
            units += Array(repeating: EntropyUnit(dc: dc, ac: ac), count: blocks)
        }
        var bits = EntropyBits(bytes, at: start)
        var left = self.units(of: members)
        var restart: UInt8 = 0
        while left > 0 {
            let step = restartInterval > 0 ? min(restartInterval, left) : left
            guard EntropyUnit.skip(units, times: step, in: &bits), bits.endAtMarker() else { return nil }
            left -= step
            if left > 0 {
                guard bits.marker == 0xD0 + restart else { return nil }
                bits.skipMarker()
                restart = (restart + 1) & 7
            }
        }
        return bits.position
    }

    /// The number of coded units in a scan: of one component its own blocks, of several those that lie together.
    private func units(of members: [Component]) -> Int {
        let across = components.map(\.across).max() ?? 1
        let down = components.map(\.down).max() ?? 1
        func parts(_ length: Int, _ size: Int) -> Int { (length + size - 1) / size }
        guard members.count == 1, let only = members.first else {
            return parts(size.width, 8 * across) * parts(size.height, 8 * down)
        }
        return parts(parts(size.width * only.across, across), 8) * parts(parts(size.height * only.down, down), 8)
    }
}

/// The tables for one block of a coded unit.
private struct EntropyUnit {
    let dc: HuffmanCodes
    let ac: HuffmanCodes

    /// Reads past so many units, each of these blocks; `false` where the codes end, or are none.
    static func skip(_ blocks: [EntropyUnit], times: Int, in bits: inout EntropyBits) -> Bool {
        for _ in 0..<times {
            for block in blocks {
                guard block.dc.skip(&bits) == 1 else { return false }
                var coefficients = 1
                // The first of two codes never fills the block, so that the second is never another block's.
                while coefficients < 64 - HuffmanCodes.most {
                    let filled = block.ac.skipTwo(&bits)
                    guard filled > 0 else { return false }
                    coefficients += filled
                }
                while coefficients < 64 {
                    let filled = block.ac.skip(&bits)
                    guard filled > 0 else { return false }
                    coefficients += filled
                }
                guard coefficients == 64 || coefficients >= Int(HuffmanCodes.endOfBlock) else { return false }
            }
        }
        return true
    }
}

extension HuffmanCodes {
    /// Reads past a code and its value.
    ///
    /// - Returns: the number of coefficients that it stands for, 0 where there is no such code.
    @inline(__always)
    fileprivate func skip(_ bits: inout EntropyBits) -> Int { skip(&bits, by: short) }

    /// Reads past one code or two.
    @inline(__always)
    fileprivate func skipTwo(_ bits: inout EntropyBits) -> Int { skip(&bits, by: pairs) }

    @inline(__always)
    private func skip(_ bits: inout EntropyBits, by entries: [Entry]) -> Int {
        bits.fill()
        var entry = entries[bits.peek(Self.width)]
        if entry.bits == 0 {
            guard let found = longCode(bits.peek(16)) else { return 0 }
            entry = found
        }
        return bits.skip(Int(entry.bits)) ? Int(entry.coefficients) : 0
    }
}
