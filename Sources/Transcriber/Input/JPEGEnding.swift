import Foundation

/// Tells of a JPEG that has no end of image whether anything but that is missing.
///
/// Programs that write pictures piece by piece, and transfers that lose the last bytes, leave such files; readers show
/// them. Decoders call every JPEG without an end "premature", so that the end is put there before they are asked.
enum JPEGEnding {
    private static let endOfImage = Data([0xFF, 0xD9])

    /// The file with its end put to it; `nil` when it has one, or when whole scans are missing.
    static func mended(_ bytes: Data) -> Data? {
        guard bytes.suffix(2) != endOfImage, let head = JPEGHead(bytes) else { return nil }
        var scans = Scans(head)
        guard scans.walk(Array(bytes), from: head.firstScan) == .unended, scans.areComplete else { return nil }
        return bytes.last == 0xFF ? bytes + endOfImage.suffix(1) : bytes + endOfImage
    }

    /// The scans of a picture: a sequential one is complete when every colour has come, a progressive one when every
    /// coefficient has come down to its last bit.
    private struct Scans {
        enum Ending {
            case ended, unended, broken
        }

        let head: JPEGHead
        private var seen: Set<Int> = []
        /// The bits still missing of each of 64 coefficients, by colour.
        private var missing: [Int: [Int]] = [:]

        init(_ head: JPEGHead) { self.head = head }

        var areComplete: Bool {
            guard seen.count == head.components else { return false }
            return !head.isProgressive || missing.values.allSatisfy { $0.allSatisfy { $0 == 0 } }
        }

        mutating func walk(_ bytes: [UInt8], from start: Int) -> Ending {
            let header = HeaderBytes(Data(bytes))
            var place = start
            while place < bytes.count {
                guard bytes[place] == 0xFF else {
                    place += 1
                    continue
                }
                guard place + 1 < bytes.count else { return .unended }
                switch bytes[place + 1] {
                // Bytes of the scan, and marks within it.
                case 0x00, 0xD0...0xD7: place += 2
                case 0xFF: place += 1
                case 0xD9: return .ended
                default:
                    guard let segment = JPEGSegment(header, at: place) else { return .broken }
                    if segment.marker == 0xDA { begin(segment, header) }
                    place = segment.end
                }
            }
            return .unended
        }

        private mutating func begin(_ segment: JPEGSegment, _ bytes: HeaderBytes) {
            guard let count = bytes.byte(segment.content), (1...4).contains(count),
                let first = bytes.byte(segment.content + 1 + 2 * count),
                let last = bytes.byte(segment.content + 2 + 2 * count),
                let bits = bytes.byte(segment.content + 3 + 2 * count)
            else { return }
            for index in 0..<count {
                guard let colour = bytes.byte(segment.content + 1 + 2 * index) else { continue }
                seen.insert(colour)
                guard head.isProgressive, first <= last, last < 64 else { continue }
                for coefficient in first...last {
                    missing[colour, default: Array(repeating: 16, count: 64)][coefficient] = bits & 0x0F
                }
            }
        }
    }
}
