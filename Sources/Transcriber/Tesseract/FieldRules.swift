import Foundation

/// The form of each kind of field, and the confidence from which a reading is believed; anything else is left blank.
struct FieldRules: Sendable {
    /// Least confidence of a text, 0 to 100.
    let textConfidence: Double
    /// Least confidence of a number: a wrong digit shows nowhere.
    let numberConfidence: Double

    /// Tesseract's mean confidence on print and typewriting is this or more.
    static let printConfidence = 84.0

    /// On print and typewriting Tesseract's mean confidence is 86 and more, on most handwriting below 80; there, it
    /// is sure of many a digit that is another one, so that only what it is surest of is taken.
    init(sheet readings: [FieldReading]) {
        let readings = readings.filter { !$0.text.isEmpty }
        let mean = readings.reduce(0) { $0 + $1.confidence } / Double(max(1, readings.count))
        (textConfidence, numberConfidence) = mean >= Self.printConfidence ? (45, 40) : mean >= 76 ? (65, 70) : (88, 93)
    }

    func text(_ reading: FieldReading?) -> String? {
        guard let reading, reading.confidence >= textConfidence else { return nil }
        let text = reading.text.trimmingCharacters(in: .whitespaces)
        return text.contains { $0.isLetter || $0.isNumber } ? text : nil
    }

    /// A département: mostly its number, sometimes its name.
    func department(_ reading: FieldReading?) -> String? {
        guard let text = text(reading) else { return nil }
        if ["2A", "2B"].contains(text.uppercased()) { return text }
        if let number = digits(reading), number.count <= 3, number.allSatisfy(\.isNumber) { return number }
        return text.count > 2 && text.first?.isLetter == true && text.last?.isLetter == true ? text : nil
    }

    /// An age or a precision, such as `env. 3 j`: a lone j is often taken for a bracket.
    func days(_ reading: FieldReading?) -> String? {
        guard let text = text(reading) else { return nil }
        guard let last = text.last, "])}|".contains(last), text.contains(where: \.isNumber) else { return text }
        let number = text.dropLast().trimmingCharacters(in: .whitespaces)
        return number.last?.isNumber == true ? number + " j" : text
    }

    /// A whole number within a range, without its leading zeros.
    func integer(_ reading: FieldReading?, in range: ClosedRange<Int>) -> Int? {
        guard let text = digits(reading), text.allSatisfy(\.isNumber), let value = Int(text) else { return nil }
        return range.contains(value) ? value : nil
    }

    /// An hour: `14`, `14h`, `14 h 30`, `14:30`.
    func hour(_ reading: FieldReading?) -> Int? {
        guard let text = digits(reading)?.lowercased() else { return nil }
        let hour = text.prefix { $0.isNumber }
        let rest = text.dropFirst(hour.count)
        guard rest.isEmpty || "h:".contains(rest.first ?? "x"), let value = Int(hour) else { return nil }
        return (0...24).contains(value) ? value : nil
    }

    /// A number with decimals, as text with a point: `2,5` is `2.5`.
    func decimal(_ reading: FieldReading?) -> String? {
        guard var text = digits(reading) else { return nil }
        if text.lowercased().hasSuffix("m") { text.removeLast() }
        text = text.replacing(",", with: ".")
        guard !text.isEmpty, text.allSatisfy({ $0.isNumber || $0 == "." }), Double(text) != nil else { return nil }
        return text
    }

    /// Four digits; on old sheets two, of the last century.
    func year(_ reading: FieldReading?) -> String? {
        guard let text = digits(reading), text.allSatisfy(\.isNumber) else { return nil }
        if text.count == 2 { return "19" + text }
        return text.count == 4 && ["18", "19", "20"].contains(String(text.prefix(2))) ? text : nil
    }

    /// A day and a month in one cell (`30,5` is the 30th of May).
    func dayAndMonth(_ reading: FieldReading?) -> (day: Int, month: Int)? {
        guard let parts = digits(reading)?.split(whereSeparator: { ",./".contains($0) }), parts.count == 2,
            let day = Int(parts[0]), let month = Int(parts[1]), (1...31).contains(day), (1...12).contains(month)
        else { return nil }
        return (day, month)
    }

    /// The text of a number: without spaces, with the letters that are read for digits put right.
    private func digits(_ reading: FieldReading?) -> String? {
        guard let reading, reading.confidence >= numberConfidence else { return nil }
        let text = reading.text.filter { !$0.isWhitespace }.map { Self.lookalikes[$0] ?? $0 }
        let trimmed = String(text).trimmingCharacters(in: CharacterSet(charactersIn: "'`’-—_|.,°\"“”[](){}"))
        return trimmed.isEmpty ? nil : trimmed
    }

    private static let lookalikes: [Character: Character] = [
        "O": "0", "o": "0", "Q": "0", "D": "0", "©": "0", "@": "0", "Û": "0", "Ô": "0", "l": "1", "I": "1",
        "|": "1", "!": "1", "Z": "2", "z": "2", "A": "4", "S": "5", "s": "5", "G": "6", "b": "6", "B": "8", "g": "9",
        "q": "9",
    ]
}
