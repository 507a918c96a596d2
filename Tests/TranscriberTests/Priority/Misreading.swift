import HarnessSupport

@testable import Transcriber

/// Readings of sheets with errors as models make them, by a seed: letters, digits, months, swapped, lost and invented
/// fields, columns and pages.
struct Misreading {
    private var generator: SeededGenerator
    private static let alike: [Character: [Character]] = [
        "0": ["6", "8"], "1": ["7", "4"], "2": ["7", "3"], "3": ["8", "5"], "4": ["9", "1"], "5": ["6", "3"],
        "6": ["0", "5"], "7": ["1", "2"], "8": ["3", "0"], "9": ["4", "7"],
    ]
    private static let swapped = [
        ("informations_generales", "espece", "observateur"), ("localisation", "commune", "coordonnees_et_ou_lieu_dit"),
        ("nid", "haut_nid", "h_c_vert"), ("localisation", "paysage", "alentours"),
    ]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// The share of fields that is misread on a sheet: most are read well, some badly.
    mutating func rate() -> Double {
        switch Double.random(in: 0..<1, using: &generator) {
        case ..<0.5: Double.random(in: 0..<0.02, using: &generator)
        case ..<0.85: Double.random(in: 0.02..<0.1, using: &generator)
        default: Double.random(in: 0.1..<0.4, using: &generator)
        }
    }

    /// A reading of what stands on the paper.
    mutating func read(_ paper: JSONValue, rate: Double) -> JSONValue {
        var sheet = misread(paper, key: "", rate)
        for (section, first, second) in Self.swapped where generator.happens(rate / 3) {
            swap(first, second, in: section, of: &sheet)
        }
        var rows = sheet["tableau_donnees"]?.array ?? []
        if generator.happens(rate / 3) { rows = rows.map { swapping("Nombre_oeuf", "Nombre_pou", $0) } }
        if generator.happens(rate / 3) { rows = rows.map { setting("Heure", .integer(1), $0) } }
        if generator.happens(rate / 6) { rows = [] }
        if !rows.isEmpty, generator.happens(rate) { rows.remove(at: Int.random(in: 0..<rows.count, using: &generator)) }
        return setting("tableau_donnees", .array(rows), sheet)
    }

    private mutating func misread(_ value: JSONValue, key: String, _ rate: Double) -> JSONValue {
        switch value {
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.name, misread($0.value, key: $0.name, rate)) }))
        case .array(let elements): return .array(elements.map { misread($0, key: key, rate) })
        case .null: return generator.happens(rate / 20) ? invented(key) : .null
        case .integer(let number): return generator.happens(rate) ? misread(number, key) : value
        case .string(let text): return generator.happens(rate) ? misread(text) : value
        default: return generator.happens(rate / 2) ? .null : value
        }
    }

    private mutating func misread(_ number: Int, _ key: String) -> JSONValue {
        if generator.happens(0.3) { return .null }
        if key == "Mois" { return .integer(Int.random(in: 1...12, using: &generator)) }
        guard case .string(let digits) = digits("\(number)"), let other = Int(digits) else { return .null }
        return .integer(other)
    }

    private mutating func misread(_ text: String) -> JSONValue {
        if generator.happens(0.25) { return .null }
        if text.contains(where: \.isNumber), text.count < 6 { return digits(text) }
        var letters = Array(text)
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !letters.isEmpty {
            let place = Int.random(in: 0..<letters.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: letters[place] = "aeinorstu".randomElement(using: &generator) ?? "e"
            case 1: letters.remove(at: place)
            default: letters.insert("aeilnrtu".randomElement(using: &generator) ?? "n", at: place)
            }
        }
        return letters.isEmpty ? .null : .string(String(letters))
    }

    private mutating func digits(_ text: String) -> JSONValue {
        var letters = Array(text)
        let places = letters.indices.filter { Self.alike[letters[$0]] != nil }
        guard let place = places.randomElement(using: &generator),
            let other = Self.alike[letters[place]]?.randomElement(using: &generator)
        else { return .null }
        letters[place] = other
        return .string(String(letters))
    }

    private mutating func invented(_ key: String) -> JSONValue {
        switch key {
        case "Mois", "Jour", "jour", "Heure", "Nombre_oeuf", "Nombre_pou", "pondus", "eclos", "n_ecl", "1/2", "3/4",
            "vol_t":
            .integer(Int.random(in: 1...12, using: &generator))
        case "n_espece": .integer(Int.random(in: 100...15_000, using: &generator))
        case "nid_prec_t_meme_c_ple": .bool(true)
        default: .string("\(Int.random(in: 1...400, using: &generator))")
        }
    }

    private func setting(_ key: String, _ value: JSONValue, _ sheet: JSONValue) -> JSONValue {
        guard case .object(var object) = sheet else { return sheet }
        object[key] = value
        return .object(object)
    }

    private func swapping(_ first: String, _ second: String, _ sheet: JSONValue) -> JSONValue {
        setting(second, sheet[first] ?? .null, setting(first, sheet[second] ?? .null, sheet))
    }

    private func swap(_ first: String, _ second: String, in section: String, of sheet: inout JSONValue) {
        guard let part = sheet[section] else { return }
        sheet = setting(section, swapping(first, second, part), sheet)
    }
}
