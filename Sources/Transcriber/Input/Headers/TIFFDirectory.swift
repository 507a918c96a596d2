/// A directory of a TIFF file, or of EXIF data, which have the same form (TIFF 6.0, section 2).
struct TIFFDirectory {
    /// Directories with more entries are none.
    private static let mostEntries = 4096
    /// No scan has more pictures; a file that says so is refused for its pages.
    private static let mostDirectories = 64

    private let bytes: HeaderBytes
    private var places: [Int: Int] = [:]

    /// The directories of a file, each following the one before; empty when it is no TIFF.
    static func all(_ bytes: HeaderBytes) -> [TIFFDirectory] {
        var bytes = bytes
        if bytes.has("II", at: 0) {
            bytes.isBigEndian = false
        } else if bytes.has("MM", at: 0) {
            bytes.isBigEndian = true
        } else {
            return []
        }
        guard bytes.number(2, length: 2) == 42 else { return [] }
        var directories: [TIFFDirectory] = []
        var seen: Set<Int> = []
        var next = bytes.number(4, length: 4) ?? 0
        while next > 0, seen.insert(next).inserted, directories.count < mostDirectories {
            guard let count = bytes.number(next, length: 2), count > 0, count <= mostEntries,
                next + 2 + count * 12 <= bytes.count
            else { break }
            directories.append(TIFFDirectory(bytes: bytes, at: next + 2, count: count))
            next = bytes.number(next + 2 + count * 12, length: 4) ?? 0
        }
        return directories
    }

    private init(bytes: HeaderBytes, at place: Int, count: Int) {
        self.bytes = bytes
        for entry in 0..<count {
            guard let tag = bytes.number(place + entry * 12, length: 2) else { continue }
            if places[tag] == nil { places[tag] = place + entry * 12 }
        }
    }

    /// The first number of an entry of whole numbers.
    func number(_ tag: Int) -> Int? {
        guard let place = places[tag], let count = bytes.number(place + 4, length: 4), count > 0 else { return nil }
        switch bytes.number(place + 2, length: 2) {
        case 1: return bytes.byte(place + 8)
        case 3: return bytes.number(count > 2 ? bytes.number(place + 8, length: 4) ?? -1 : place + 8, length: 2)
        case 4: return bytes.number(count > 1 ? bytes.number(place + 8, length: 4) ?? -1 : place + 8, length: 4)
        default: return nil
        }
    }

    /// An entry that is a fraction.
    func fraction(_ tag: Int) -> Double? {
        guard let place = places[tag], bytes.number(place + 2, length: 2) == 5,
            let own = bytes.number(place + 8, length: 4), let above = bytes.number(own, length: 4),
            let below = bytes.number(own + 4, length: 4), below > 0
        else { return nil }
        return Double(above) / Double(below)
    }

    /// The lie of the picture: upright when nothing is said of it, `nil` when what is said is not understood.
    var orientation: Orientation? { places[0x0112] == nil ? .topLeft : number(0x0112).flatMap(Orientation.init) }

    /// The shape of its points, as its resolutions say.
    var pointShape: Double {
        PointShape.ratio(across: fraction(0x011A), down: fraction(0x011B))
    }
}
