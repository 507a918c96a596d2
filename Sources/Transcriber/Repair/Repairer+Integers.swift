extension Repairer {
    /// The kinds of whole numbers, each with its own words beside it.
    enum IntegerKind {
        case day, month, hour, count, species
    }

    /// A whole number in a range; anything else is left out, with a remark.
    mutating func integer(
        _ value: JSONValue?, at path: String, in range: ClosedRange<Int>, as kind: IntegerKind
    ) -> Int? {
        guard let value, !value.isNull else { return nil }
        if case .integer(let number) = value { return inRange(number, of: value, at: path, range) }
        if let elements = value.array, elements.count == 1 {
            correct("\(path) : nombre sorti de sa liste")
            return integer(elements[0], at: path, in: range, as: kind)
        }
        if let number = value.integer {
            correct("\(path) : « \(value.serialized(.canonical)) » écrit en nombre entier")
            return inRange(number, of: value, at: path, range)
        }
        guard let text = value.string?.trimmed else {
            leaveOut(value, at: path, rule: "nombre_entier", because: "un nombre entier est attendu")
            return nil
        }
        if text.isEmpty || text.lowercased() == "null" {
            correct("\(path) : texte vide mis à null")
            return nil
        }
        guard let number = number(in: text, at: path, as: kind) else {
            leaveOut(value, at: path, rule: "nombre_entier", because: "un nombre entier est attendu")
            return nil
        }
        guard range.contains(number) else { return inRange(number, of: value, at: path, range) }
        correct("\(path) : « \(text.shortened) » écrit \(number)")
        return number
    }

    private mutating func inRange(
        _ number: Int, of value: JSONValue, at path: String, _ range: ClosedRange<Int>
    ) -> Int? {
        if range.contains(number) { return number }
        leaveOut(
            value, at: path, rule: "intervalle",
            because: "un nombre de \(range.lowerBound) à \(range.upperBound) est attendu")
        return nil
    }

    private mutating func number(in text: String, at path: String, as kind: IntegerKind) -> Int? {
        guard kind == .species && Self.isGrouped(text) || !Self.hasSeveralNumbers(text) else { return nil }
        let compact = text.lowercased().filter { !$0.isWhitespace }
        let digits = compact.prefix(while: \.isASCIIDigit)
        let rest = String(compact.dropFirst(digits.count))
        guard digits.count <= 9, let number = Int(digits) else {
            return kind == .month ? Months.number(named: compact) : nil
        }
        if rest.isEmpty || (rest.first == "." && rest.dropFirst().allSatisfy { $0 == "0" } && rest.count > 1) {
            return number
        }
        switch kind {
        case .hour: return hour(number, rest, at: path, text)
        case .day: return ["er", "er."].contains(rest) && number == 1 ? number : nil
        case .count: return Self.countUnits.contains(rest.folded) ? number : nil
        case .month, .species: return nil
        }
    }

    /// True when white space separates two numbers: « 1 2 » is not 12.
    private static func hasSeveralNumbers(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace)
        return zip(words, words.dropFirst()).contains { first, second in
            first.last?.isASCIIDigit == true && second.first?.isASCIIDigit == true
        }
    }

    /// True when white space separates thousands: « 12 345 ».
    private static func isGrouped(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.allSatisfy { $0.allSatisfy(\.isASCIIDigit) } && (1...3).contains(words.first?.count ?? 0)
            && words.dropFirst().allSatisfy { $0.count == 3 }
    }

    private static let countUnits: Set<String> = [
        "oeuf", "oeufs", "poussin", "poussins", "pous", "pulli", "pullus", "jeune", "jeunes", "juv",
    ]

    /// "14h" is 14, and so is "14h30": the sheet asks for the hour; the minutes are named in a remark.
    private mutating func hour(_ number: Int, _ rest: String, at path: String, _ text: String) -> Int? {
        if ["h", "h.", "hr", "hrs", "heure", "heures"].contains(rest) { return number }
        guard let mark = rest.first, mark == "h" || mark == ":" else { return nil }
        let minutes = rest.dropFirst()
        guard minutes.count == 2, minutes.allSatisfy(\.isASCIIDigit), let value = Int(minutes), value < 60 else {
            return nil
        }
        if value > 0 { flag(path, "minutes", .info, "« \(text.shortened) » : les minutes ne sont pas gardées") }
        return number
    }
}

/// Months as people write them.
enum Months {
    private static let names = [
        "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
        "decembre",
    ]
    private static let roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]

    /// The number of a month's French name, or of its beginning where only one begins so, or of its Roman numeral.
    static func number(named name: String) -> Int? {
        let name = name.folded
        if let index = names.firstIndex(of: name) ?? roman.firstIndex(of: name) { return index + 1 }
        let matches = name.utf8.count >= 3 ? names.indices.filter { names[$0].hasPrefix(name) } : []
        return matches.count == 1 ? matches[0] + 1 : nil
    }
}
