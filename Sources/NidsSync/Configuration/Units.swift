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
    /// A size as the configuration writes it: bytes, or with `KB`, `MB` or `GB` (powers of 1,000).
    init?(sizeSetting text: String) {
        let units: [(String, Int)] = [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1)]
        for (unit, factor) in units where text.uppercased().hasSuffix(unit) {
            let digits = text.dropLast(unit.count).trimmed
            guard digits.utf8.allSatisfy(\.isDigit), let number = Int(digits) else { continue }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            self = product
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
