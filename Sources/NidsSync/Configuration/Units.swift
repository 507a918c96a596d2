extension Duration {
    /// A duration as the configuration writes it: a number and `ms`, `s`, `m`, `h` or `d`.
    init?(setting text: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
        for (unit, seconds) in units where text.hasSuffix(unit) {
            guard let number = Double(decimal: text.dropLast(unit.count).trimmed), number < 1e9 else { continue }
            self = .milliseconds(Int64((number * seconds * 1000).rounded()))
            return
        }
        return nil
    }

    /// The duration in seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

extension Int {
    /// A size as the configuration writes it: bytes, or a number with `KB`, `MB` or `GB` (powers of 1,000), which may
    /// have a point. `nil` for anything else, and for a number of bytes that is not whole.
    init?(sizeSetting text: String) {
        let units: [(String, Int)] = [("KB", 3), ("MB", 6), ("GB", 9), ("B", 0), ("", 0)]
        for (unit, zeros) in units where text.uppercased().hasSuffix(unit) {
            let parts = text.dropLast(unit.count).trimmed.split(separator: ".", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) })
            else { continue }
            let fraction = parts.count == 2 ? parts[1] : ""
            guard fraction.utf8.count <= zeros else { return nil }
            let digits = String(parts[0]) + fraction + String(repeating: "0", count: zeros - fraction.utf8.count)
            guard let number = Int(digits) else { return nil }
            self = number
            return
        }
        return nil
    }
}

extension Double {
    /// A number as people write it: digits, perhaps a point and more digits. No sign, exponent, hexadecimal or `nan`.
    init?(decimal text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) }) else { return nil }
        self.init(text)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
