/// France's departments, those of the past included: their numbers and names are public facts (Code officiel
/// géographique).
enum Departements {
    /// Names by number, today's first.
    private static let names: [String: [String]] = [
        "01": ["Ain"], "02": ["Aisne"], "03": ["Allier"], "04": ["Alpes-de-Haute-Provence", "Basses-Alpes"],
        "05": ["Hautes-Alpes"], "06": ["Alpes-Maritimes"], "07": ["Ardèche"], "08": ["Ardennes"], "09": ["Ariège"],
        "10": ["Aube"], "11": ["Aude"], "12": ["Aveyron"], "13": ["Bouches-du-Rhône"], "14": ["Calvados"],
        "15": ["Cantal"], "16": ["Charente"], "17": ["Charente-Maritime", "Charente-Inférieure"], "18": ["Cher"],
        "19": ["Corrèze"], "20": ["Corse"], "21": ["Côte-d'Or"], "22": ["Côtes-d'Armor", "Côtes-du-Nord"],
        "23": ["Creuse"], "24": ["Dordogne"], "25": ["Doubs"], "26": ["Drôme"], "27": ["Eure"],
        "28": ["Eure-et-Loir"], "29": ["Finistère"], "2A": ["Corse-du-Sud"], "2B": ["Haute-Corse"], "30": ["Gard"],
        "31": ["Haute-Garonne"], "32": ["Gers"], "33": ["Gironde"], "34": ["Hérault"], "35": ["Ille-et-Vilaine"],
        "36": ["Indre"], "37": ["Indre-et-Loire"], "38": ["Isère"], "39": ["Jura"], "40": ["Landes"],
        "41": ["Loir-et-Cher"], "42": ["Loire"], "43": ["Haute-Loire"], "44": ["Loire-Atlantique", "Loire-Inférieure"],
        "45": ["Loiret"], "46": ["Lot"], "47": ["Lot-et-Garonne"], "48": ["Lozère"], "49": ["Maine-et-Loire"],
        "50": ["Manche"], "51": ["Marne"], "52": ["Haute-Marne"], "53": ["Mayenne"], "54": ["Meurthe-et-Moselle"],
        "55": ["Meuse"], "56": ["Morbihan"], "57": ["Moselle"], "58": ["Nièvre"], "59": ["Nord"], "60": ["Oise"],
        "61": ["Orne"], "62": ["Pas-de-Calais"], "63": ["Puy-de-Dôme"],
        "64": ["Pyrénées-Atlantiques", "Basses-Pyrénées"], "65": ["Hautes-Pyrénées"], "66": ["Pyrénées-Orientales"],
        "67": ["Bas-Rhin"], "68": ["Haut-Rhin"], "69": ["Rhône"], "70": ["Haute-Saône"], "71": ["Saône-et-Loire"],
        "72": ["Sarthe"], "73": ["Savoie"], "74": ["Haute-Savoie"], "75": ["Paris", "Seine"],
        "76": ["Seine-Maritime", "Seine-Inférieure"], "77": ["Seine-et-Marne"], "78": ["Yvelines", "Seine-et-Oise"],
        "79": ["Deux-Sèvres"], "80": ["Somme"], "81": ["Tarn"], "82": ["Tarn-et-Garonne"], "83": ["Var"],
        "84": ["Vaucluse"], "85": ["Vendée"], "86": ["Vienne"], "87": ["Haute-Vienne"], "88": ["Vosges"],
        "89": ["Yonne"], "90": ["Territoire de Belfort", "Belfort"], "91": ["Essonne"], "92": ["Hauts-de-Seine"],
        "93": ["Seine-Saint-Denis"], "94": ["Val-de-Marne"], "95": ["Val-d'Oise"], "971": ["Guadeloupe"],
        "972": ["Martinique"], "973": ["Guyane"], "974": ["La Réunion", "Réunion"],
        "975": ["Saint-Pierre-et-Miquelon"], "976": ["Mayotte"],
    ]

    private static let numbersByName: [String: String] = {
        var numbers: [String: String] = [:]
        for (number, names) in names {
            for name in names {
                let plain = name.folded
                numbers[plain] = number
                // As they are written on sheets: "Hte Savoie", "Htes-Alpes", "Bses Alpes".
                for (long, short) in [("hautes", "htes"), ("haute", "hte"), ("basses", "bses"), ("saint", "st")]
                where plain.hasPrefix(long) {
                    numbers[short + plain.dropFirst(long.count)] = number
                    break
                }
            }
        }
        return numbers
    }()

    /// The departments that a text names, by number, by name, or by both ("38 Isère", "Isère (38)"); none when it
    /// holds anything else.
    static func all(in text: String) -> [String] {
        if let one = number(of: text) { return [one] }
        guard text.utf8.count < 60 else { return [] }
        for hyphen in text.indices where text[hyphen] == "-" {
            let sides = [String(text[..<hyphen]).trimmed, String(text[text.index(after: hyphen)...]).trimmed]
            for (code, name) in [(sides[0], sides[1]), (sides[1], sides[0])] {
                if let first = self.code(code), let second = numbersByName[name.folded] {
                    return [first, second]
                }
            }
        }
        let parts = text.split(whereSeparator: { " ()/,:–".contains($0) }).filter { $0 != "-" }
        guard parts.count > 1 else { return [] }
        for (code, rest) in [(parts[0], parts.dropFirst()), (parts[parts.count - 1], parts.dropLast())] {
            let name = rest.joined(separator: " ")
            if let first = self.code(String(code)), let second = numbersByName[name.folded] {
                return [first, second]
            }
        }
        return []
    }

    private static func number(of text: String) -> String? {
        code(text.trimmed) ?? numbersByName[text.folded]
    }

    /// A department's number in its usual spelling: "1" is 01.
    private static func code(_ text: String) -> String? {
        let code = text.uppercased()
        guard (1...3).contains(code.utf8.count), code.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if names[code] != nil { return code }
        guard let number = Int(code), code.allSatisfy(\.isASCIIDigit), (1...95).contains(number) else { return nil }
        let padded = number < 10 ? "0\(number)" : "\(number)"
        return names[padded] == nil ? nil : padded
    }

    static func isOverseasCollectivity(_ text: String) -> Bool {
        ["977", "978", "984", "986", "987", "988", "989"].contains(text.trimmed)
    }

    /// True when two numbers may mean the same land: Corsica and the surroundings of Paris were divided.
    static func mayBeOne(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        return divided.contains { $0.contains(first) && $0.contains(second) }
    }

    private static let divided: [Set<String>] = [
        ["20", "2A"], ["20", "2B"], ["75", "92"], ["75", "93"], ["75", "94"], ["78", "91"], ["78", "92"],
        ["78", "93"], ["78", "94"], ["78", "95"],
    ]

    /// A remark on a number that was not in use in a year: sheets were also numbered, or filed, years later.
    static func remark(on number: String, in year: Int) -> String? {
        switch number {
        case "20" where year >= 1976: "20 est l'ancien numéro de la Corse, 2A ou 2B depuis 1976"
        case "2A" where year < 1976, "2B" where year < 1976: "la Corse avait le numéro 20 jusqu'en 1975"
        case "91", "92", "93", "94", "95":
            year < 1968 ? "le département \(number) n'existe que depuis 1968" : nil
        default: nil
        }
    }

    /// The department that a commune's field names in parentheses at its end: "Voiron (38)", "Voiron (Isère)".
    static func named(inCommune text: String) -> String? {
        let text = text.trimmed
        guard text.hasSuffix(")"), let opening = text.lastIndex(of: "(") else { return nil }
        return number(of: String(text[text.index(after: opening)...].dropLast()))
    }

    /// The department of a postcode in a commune's field: "38500 Voiron".
    static func ofPostcode(inCommune text: String) -> String? {
        let codes: [Substring] = text.split(whereSeparator: { !$0.isASCIIDigit }).filter { $0.count == 5 }
        guard codes.count == 1, let code = codes.first else { return nil }
        let department = String(code.prefix(code.hasPrefix("97") ? 3 : 2))
        return names[department] == nil ? nil : department
    }
}
