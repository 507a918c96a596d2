/// Heights as people write them.
enum Metres {
    private static let units: Set<String> = ["", "m", "m.", "mt", "mts", "metre", "metres", "mètre", "mètres"]
    private static let hundredths: Set<String> = ["cm", "cm.", "centimètres", "centimetres"]

    /// The number of metres in a text that holds nothing else: "2,5 m" is 2.5, "1m50" is 1.50, "80 cm" is 0.8.
    static func number(in text: String) -> String? {
        let compact = text.lowercased().filter { !$0.isWhitespace }
        let number = compact.prefix { $0.isASCIIDigit || $0 == "." || $0 == "," || $0 == "-" }
        let rest = String(compact.dropFirst(number.count))
        guard let plain = plain(String(number)), groupsAreNumbers(text) else { return nil }
        if units.contains(rest) { return plain }
        if hundredths.contains(rest), let value = Double(plain), value < 100_000 { return spelling(value / 100) }
        if rest.first == "m", plain.utf8.allSatisfy({ $0 != UInt8(ascii: ".") }) {
            let centimetres = rest.dropFirst()
            if centimetres.count == 2, centimetres.allSatisfy(\.isASCIIDigit) { return plain + "." + centimetres }
        }
        return nil
    }

    /// The metres that a text means, an estimate included: "≈ 3", "env. 2 m", "1,50 m". A range or a limit means none.
    static func value(in text: String) -> Double? {
        // No height takes more words.
        guard text.utf8.count <= 60 else { return nil }
        var rest = text.trimmed.lowercased()
        for word in estimates where rest.hasPrefix(word) {
            rest = String(rest.dropFirst(word.count)).trimmed
            break
        }
        for word in estimatesBehind where rest.hasSuffix(word) {
            rest = String(rest.dropLast(word.count)).trimmed
            break
        }
        return number(in: rest).flatMap { Double($0) }
    }

    /// The longest of those with one beginning first.
    private static let estimates = [
        "environ", "env.", "env", "approximativement", "approx.", "approx", "vers", "près de", "à peu près", "circa",
        "ca.", "ca", "c.", "≈", "~", "±", "+/-", "+-",
    ]
    private static let estimatesBehind = ["environ", "env.", "env", "approx.", "approx", "?"]

    /// White space between digits is a thousands' separator, or it separates two numbers.
    private static func groupsAreNumbers(_ text: String) -> Bool {
        let groups = text.split(whereSeparator: \.isWhitespace).filter { $0.first?.isASCIIDigit == true }
        return groups.dropFirst().allSatisfy { $0.prefix(while: \.isASCIIDigit).count == 3 }
    }

    private static func plain(_ text: String) -> String? {
        let dotted = text.replacing(",", with: ".")
        let digits = dotted.drop { $0 == "-" }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard dotted.count - digits.count <= 1, (1...2).contains(parts.count), digits.count <= 9,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) })
        else { return nil }
        return dotted
    }

    private static func spelling(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
