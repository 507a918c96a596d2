/// A number of things that somebody else tells: a provider, a result file, a batch.
///
/// It lies in `range`, whatever was told, so that nine thousand million of them can be added without leaving an `Int` or
/// a database's 64 bits. Less than nothing is none, more than the range is its end.
public struct ForeignCount: Sendable, Hashable, Comparable {
    /// The numbers that are believed.
    public static let range = 0...1_000_000_000
    /// No count.
    public static let zero = ForeignCount(0)

    /// The number, within `range`.
    public let value: Int

    /// Takes a number into the range.
    public init(_ number: some BinaryInteger) {
        value = min(max(Int(clamping: number), Self.range.lowerBound), Self.range.upperBound)
    }

    /// Reads a JSON number, or a text of digits, as Protocol Buffers write numbers of 64 bits; a fraction is cut off.
    ///
    /// `nil` for anything else.
    public init?(_ value: JSONValue?) {
        switch value {
        case .integer(let number)?: self.init(number)
        case .number(let number)?:
            guard !number.isNaN else { return nil }
            self.init(Int(max(0, min(number, Double(Self.range.upperBound)))))
        case .string(let text)?:
            let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
            guard !digits.isEmpty, digits.count < 40, text.utf8.count - digits.count < 2,
                digits.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            self.init(Int(text) ?? (digits.count < text.utf8.count ? 0 : Int.max))
        default: return nil
        }
    }

    /// The smaller number comes first.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
