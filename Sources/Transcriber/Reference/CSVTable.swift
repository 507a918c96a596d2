import Crypto

/// A table of separated values (RFC 4180) whose first row names its columns.
///
/// The separator, comma, semicolon or tab, is the one that the first row has most of. Blank lines are passed over.
struct CSVTable: Sendable {
    struct Row: Sendable {
        /// The line on which the row begins, from 1.
        let line: Int
        let fields: [String]
    }

    let file: String
    let columns: [String]
    let rows: [Row]

    /// - Throws: `ReferenceError` for what is no UTF-8, a quote that is never closed, or a row of another length.
    init(_ bytes: [UInt8], file: String) throws(ReferenceError) {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        var reader = CSVReader(text, file: file)
        guard let first = try reader.next() else {
            throw ReferenceError(
                file: file, line: 1, problem: "it is empty", advice: "Its first line names the columns.")
        }
        var rows: [Row] = []
        while let row = try reader.next() {
            guard row.fields.count == first.fields.count else {
                throw ReferenceError(
                    file: file, line: row.line,
                    problem: "\(row.fields.count) values, and the first line names \(first.fields.count) columns",
                    advice: "Put a value that holds the separator between double quotes.")
            }
            rows.append(row)
        }
        self.file = file
        columns = first.fields.map(\.trimmed)
        self.rows = rows
    }

    /// Tells one list from another: the first 8 bytes of its SHA-256, in hexadecimal digits.
    static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The place of the first of these columns that is there; case does not count.
    func column(_ names: String...) -> Int? {
        for name in names {
            if let index = columns.firstIndex(where: { $0.lowercased() == name.lowercased() }) { return index }
        }
        return nil
    }

    /// The place of a column that must be there.
    /// - Throws: `ReferenceError` that names the columns there are.
    func required(_ name: String) throws(ReferenceError) -> Int {
        if let index = column(name) { return index }
        throw ReferenceError(
            file: file, line: 1, problem: "it has no column \(name)",
            advice: "Its columns are \(columns.prefix(20).joined(separator: ", ").shortened).")
    }

    func error(_ row: Row, _ problem: String, _ advice: String) -> ReferenceError {
        ReferenceError(file: file, line: row.line, problem: problem, advice: advice)
    }
}

/// Reads rows one after the other.
private struct CSVReader {
    private let bytes: ArraySlice<UInt8>
    private let file: String
    private let separator: UInt8
    private var place: Int
    private var line = 1

    init(_ bytes: ArraySlice<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
        place = bytes.startIndex
        let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
        func count(_ sign: UInt8) -> Int { first.count { $0 == sign } }
        let signs = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        separator = signs.max { count($0) < count($1) } ?? UInt8(ascii: ",")
    }

    mutating func next() throws(ReferenceError) -> CSVTable.Row? {
        while place < bytes.endIndex, bytes[place] == UInt8(ascii: "\n") || bytes[place] == UInt8(ascii: "\r") {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
        guard place < bytes.endIndex else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard place < bytes.endIndex else { break }
            let sign = bytes[place]
            place += 1
            if sign == separator { continue }
            line += 1
            break
        }
        return CSVTable.Row(line: start, fields: fields)
    }

    /// One value, up to its separator or the end of its line.
    private mutating func field() throws(ReferenceError) -> String {
        guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "\"") else { return try text(plain()) }
        let start = line
        var value: [UInt8] = []
        place += 1
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.endIndex, bytes[place] == byte else {
                    value += plain()
                    return try text(value[...])
                }
                place += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            value.append(byte)
        }
        throw ReferenceError(
            file: file, line: start, problem: "a double quote is never closed", advice: "Close it, or take it away.")
    }

    private mutating func plain() -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.endIndex, bytes[place] != separator, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        let value = bytes[start..<place]
        let isLineEnd = place == bytes.endIndex || bytes[place] == UInt8(ascii: "\n")
        return isLineEnd && value.last == UInt8(ascii: "\r") ? value.dropLast() : value
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(ReferenceError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ReferenceError(file: file, line: line, problem: "it is not UTF-8", advice: "Save the file as UTF-8.")
        }
        return text
    }
}
