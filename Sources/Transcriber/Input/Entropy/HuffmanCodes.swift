/// A table of Huffman's codes (ITU-T T.81, annex C), made for skipping: of each code only the number of bits counts that
/// it takes with the value behind it, and the number of coefficients that it stands for.
struct HuffmanCodes {
    /// One code.
    struct Entry {
        /// The bits of the code and of the value that follows it; 0 where there is no such code.
        var bits: UInt8 = 0
        /// The coefficients that it fills, at least `endOfBlock` where it fills all that are left.
        var coefficients: UInt8 = 0
    }

    /// More coefficients than a block has.
    static let endOfBlock: UInt8 = 128
    /// Codes up to that length are found at once.
    static let width = 12

    /// The codes by the bits that they begin.
    private(set) var short = [Entry](repeating: Entry(), count: 1 << width)
    /// The same, of two codes and their values where both lie within these bits: most do, which halves the work.
    private(set) var pairs: [Entry] = []
    /// The most coefficients that one code fills, but for an end of block.
    static let most = 16
    /// Longer codes, in order: each with its first 16 bits and their number.
    private var long: [(code: Int, length: Int, entry: Entry)] = []

    /// Reads a table's lengths and symbols.
    ///
    /// - Parameters:
    ///   - counts: the number of codes of each of 16 lengths.
    ///   - symbols: the symbols in the order of their codes.
    ///   - isDC: `true` for a block's first coefficient.
    /// - Returns: `nil` for codes that no table has.
    init?(counts: some Collection<UInt8>, symbols: some Collection<UInt8>, isDC: Bool) {
        guard counts.count == 16, counts.reduce(0, { $0 + Int($1) }) == symbols.count else { return nil }
        var rest = symbols[...]
        var code = 0
        for (index, count) in counts.enumerated() {
            let length = index + 1
            for _ in 0..<count {
                guard code < 1 << length, let symbol = rest.popFirst(),
                    let entry = Self.entry(symbol, length: length, isDC: isDC)
                else { return nil }
                if length <= Self.width {
                    let first = code << (Self.width - length)
                    for place in first..<first + (1 << (Self.width - length)) { short[place] = entry }
                } else {
                    long.append((code << (16 - length), length, entry))
                }
                code += 1
            }
            code <<= 1
        }
        pairs = short.indices.map(pair)
    }

    /// The first code that these bits begin with, and the second where it is whole, too.
    private func pair(_ bits: Int) -> Entry {
        let first = short[bits]
        guard first.bits > 0, Int(first.bits) < Self.width, first.coefficients < Self.endOfBlock else { return first }
        let second = short[bits << Int(first.bits) & (1 << Self.width - 1)]
        guard second.bits > 0, Int(first.bits) + Int(second.bits) <= Self.width else { return first }
        return Entry(bits: first.bits + second.bits, coefficients: first.coefficients + second.coefficients)
    }

    private static func entry(_ symbol: UInt8, length: Int, isDC: Bool) -> Entry? {
        let (run, size) = (symbol >> 4, symbol & 0x0F)
        let bits = UInt8(length) + size
        // Differences of samples of eight bits have at most eleven.
        if isDC { return symbol <= 11 ? Entry(bits: bits, coefficients: 1) : nil }
        if size == 0 { return Entry(bits: bits, coefficients: run == 15 ? 16 : endOfBlock) }
        return Entry(bits: bits, coefficients: run + 1)
    }

    /// The code that 16 bits begin with, of those that are too long for `short`.
    func longCode(_ bits: Int) -> Entry? {
        long.first { bits >> (16 - $0.length) == $0.code >> (16 - $0.length) }?.entry
    }
}
