extension Repairer {
    /// A text as it stands, without the white space around it; nothing written is null.
    mutating func text(_ value: JSONValue?, at path: String) -> String? {
        switch value {
        case nil, .null?:
            return nil
        case .string(let written)?:
            let text = written.storable
            if text.utf8.count != written.utf8.count {
                correct("\(path) : caractères qui ne peuvent pas être enregistrés retirés")
                flag(path, "caractere_perdu", .info, "des caractères qui ne peuvent pas être enregistrés sont retirés")
            }
            let trimmed = text.trimmed
            if trimmed.isEmpty || trimmed.lowercased() == "null" {
                correct("\(path) : texte vide mis à null")
                return nil
            }
            if Self.isPlaceholder(trimmed) {
                correct("\(path) : « \(trimmed.shortened) » mis à null")
                flag(path, "illisible", .info, "« \(trimmed.shortened) » : rien n'est lu ici")
                return nil
            }
            if trimmed.utf8.count != text.utf8.count { correct("\(path) : espaces retirées autour du texte") }
            return trimmed
        case .integer?, .number?:
            correct("\(path) : nombre écrit en texte")
            return value?.serialized(.canonical)
        case .bool(let flag)?:
            correct("\(path) : \(flag) écrit en texte")
            return flag ? "oui" : "non"
        case .array(let elements)?:
            let texts = elements.compactMap(\.string).map(\.trimmed).filter { !$0.isEmpty }
            guard elements.allSatisfy({ $0.string != nil || $0.isNull }) else {
                leaveOut(.array(elements), at: path, rule: "forme", because: "un texte est attendu ici")
                return nil
            }
            correct("\(path) : liste de textes jointe")
            return texts.isEmpty ? nil : text(.string(texts.joined(separator: " ; ")), at: path)
        case .object(let object)?:
            if object.members.count == 1, let inner = object.members.first?.value.string {
                correct("\(path) : texte sorti de son objet")
                return text(.string(inner), at: path)
            }
            leaveOut(.object(object), at: path, rule: "forme", because: "un texte est attendu ici")
            return nil
        }
    }

    /// Letters and digits with which none of those words begins.
    private static let beginsNone = Set("abcdefghjklmopqrstwxyzABCDEFGHJKLMOPQRSTWXYZ0123456789".utf8)

    /// True for the words that models write where they read nothing; observers write « néant », and signs for "as
    /// above".
    private static func isPlaceholder(_ text: String) -> Bool {
        guard text.utf8.count < 24, let first = text.utf8.first, !beginsNone.contains(first) else { return false }
        let inner = text.lowercased().filter { !"[]()<>*".contains($0) }.trimmed
        if inner.isEmpty { return true }
        if ["illisible", "non lisible", "n/a", "n.a.", "vide", "unreadable", "illegible"].contains(inner) {
            return true
        }
        return inner.allSatisfy { "?-–—".contains($0) }
    }

    /// True for a ticked box, false for a blank one; `nil` for any other value.
    static func isTicked(_ value: JSONValue) -> Bool? {
        switch value {
        case .bool(let flag): return flag
        case .null: return false
        case .integer(1): return true
        case .integer(0): return false
        case .string(let text):
            switch text.trimmed.lowercased() {
            case "x", "✓", "✔", "☑", "☒", "1", "true", "vrai", "oui": return true
            case "", "0", "false", "faux", "non", "☐", "null": return false
            default: return nil
            }
        default: return nil
        }
    }

    /// A year of four digits; on the old form two digits are of the 20th century.
    mutating func year(_ value: JSONValue?, at path: String) -> String? {
        guard let text = text(value, at: path) else { return nil }
        if FicheSchema.Node.isYear(text) { return text }
        let digits = text.drop { "'’´`".contains($0) }.filter { !$0.isWhitespace }
        let isNumber = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isNumber, digits.utf8.count == 4 {
            correct("\(path) : « \(text.shortened) » écrit « \(digits) »")
            return String(digits)
        }
        if isNumber, digits.utf8.count == 2, promptKind == .ancien {
            correct("\(path) : « \(text.shortened) » écrit « 19\(digits) »")
            return "19" + digits
        }
        leaveOut(.string(text), at: path, rule: "annee", because: "une année de quatre chiffres est attendue")
        return nil
    }

    /// A number of metres as a text, without the unit; what is no such number stays as it is, with a remark.
    mutating func metres(_ value: JSONValue?, at path: String) -> String? {
        guard let text = text(value, at: path) else { return nil }
        guard let number = Metres.number(in: text) else {
            flag(path, "nombre_attendu", .avertissement, "« \(text.shortened) » n'est pas un simple nombre de mètres")
            return text
        }
        if number.split(separator: ".").dropFirst().first?.count == 3 {
            flag(
                path, "milliers_ou_decimales", .avertissement,
                "« \(text.shortened) » : trois décimales, ou des milliers ?")
        }
        if number != text { correct("\(path) : « \(text.shortened) » écrit « \(number) »") }
        return number
    }

    /// A box "oui" or "non".
    mutating func flag(_ value: JSONValue?, at path: String) -> Bool? {
        switch value {
        case nil, .null?:
            return nil
        case .bool(let flag)?:
            return flag
        case .object(let boxes)? where !boxes.members.isEmpty:
            let ticked = boxes.members.filter { Self.isTicked($0.value) == true }.compactMap {
                Self.flag(named: $0.name)
            }
            let areBoxes = boxes.members.allSatisfy {
                Self.flag(named: $0.name) != nil && Self.isTicked($0.value) != nil
            }
            if areBoxes, ticked.count < 2 {
                correct("\(path) : cases remplacées par true, false ou null")
                return ticked.first
            }
        case let value?:
            guard let text = value.string?.trimmed ?? value.integer.map(String.init) else { break }
            if text.isEmpty || text.lowercased() == "null" {
                correct("\(path) : texte vide mis à null")
                return nil
            }
            if let flag = Self.flag(named: text) {
                correct("\(path) : « \(text.shortened) » écrit \(flag)")
                return flag
            }
        }
        leaveOut(value ?? .null, at: path, rule: "oui_non", because: "oui ou non est attendu")
        return nil
    }

    private static func flag(named name: String) -> Bool? {
        switch name.folded {
        case "oui", "o", "true", "vrai", "yes", "1": true
        case "non", "n", "false", "faux", "no", "0": false
        default: nil
        }
    }
}
