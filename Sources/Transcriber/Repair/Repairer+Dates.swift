extension Repairer {
    /// A day and a month, from their two cells; "30,5" in the day's cell is day 30 of month 5 when the month's cell
    /// is blank or says the same.
    mutating func dayAndMonth(
        _ day: JSONValue?, _ month: JSONValue?, dayPath: String, monthPath: String
    ) -> (day: Int?, month: Int?) {
        let ownMonth = integer(month, at: monthPath, in: 1...12, as: .month)
        guard let both = day.flatMap(Self.bothInOneCell) else {
            return (integer(day, at: dayPath, in: 1...31, as: .day), ownMonth)
        }
        let shown = day.map { $0.string ?? $0.serialized(.canonical) } ?? ""
        guard (1...31).contains(both.day), both.months.allSatisfy({ (1...12).contains($0) }) else {
            leaveOut(day ?? .null, at: dayPath, rule: "intervalle", because: "un jour et un mois sont attendus")
            return (nil, ownMonth)
        }
        if let year = Self.year(in: shown), annee.map({ $0 != year && String($0.suffix(2)) != year }) ?? true {
            flag(
                dayPath, "annee_date", .avertissement,
                "« \(shown.shortened) » : l'année \(year) n'est pas gardée, celle de la fiche est \(annee ?? "vide")")
        }
        if let ownMonth {
            guard both.months.contains(ownMonth) else {
                leaveOut(
                    day ?? .null, at: dayPath, rule: "jour_mois_contradictoires",
                    because: "le mois \(ownMonth) est écrit à côté")
                return (nil, ownMonth)
            }
            correct("\(dayPath) : « \(shown.shortened) » écrit jour \(both.day)")
            return (both.day, ownMonth)
        }
        guard both.months.count == 1, month == nil || month?.string?.trimmed.isEmpty != false else {
            correct("\(dayPath) : « \(shown.shortened) » écrit jour \(both.day)")
            flag(monthPath, "mois_incertain", .avertissement, "« \(shown.shortened) » : mois illisible")
            return (both.day, nil)
        }
        correct("\(dayPath) : « \(shown.shortened) » écrit jour \(both.day), mois \(both.months[0])")
        // « 30-5 » is no range of days.
        if both.day < both.months[0], shown.trimmed.split(separator: "-").count == 2 {
            flag(
                dayPath, "jour_ou_intervalle", .avertissement,
                "« \(shown.shortened) » : un jour et un mois, ou du \(both.day) au \(both.months[0]) ?")
        }
        return (both.day, both.months[0])
    }

    /// The day and the month, or the months that it may be: as a number, 30.1 may have been "30,1" or "30,10".
    private static func bothInOneCell(_ value: JSONValue) -> (day: Int, months: [Int])? {
        let text: String
        switch value {
        case .string(let string): text = string.trimmed
        case .number: text = value.serialized(.canonical)
        default: return nil
        }
        let parts = text.split(omittingEmptySubsequences: false) { ",./-".contains($0) }.map(\.trimmedDigits)
        guard parts.count == 2, let dayText = parts[0], let monthText = parts[1], let day = Int(dayText),
            let month = Int(monthText), month > 0 || monthText.count > 1
        else { return bothInOneDate(text) }
        if case .number = value, monthText == "1" { return (day, [1, 10]) }
        return (day, [month])
    }

    /// The year of a whole date, of two or four digits.
    private static func year(in text: String) -> String? {
        let parts = text.split { $0.isWhitespace || ",./-".contains($0) }.map(String.init)
        guard parts.count == 3 else { return nil }
        return [parts[2], parts[0]].first { $0.allSatisfy(\.isASCIIDigit) && $0.count == 4 }
            ?? (parts[2].allSatisfy(\.isASCIIDigit) ? parts[2] : nil)
    }

    /// The day and month of a whole date: "3/6/2020", "3.6.20", "2020-06-03", "3 juin", "1er juin 2020".
    private static func bothInOneDate(_ text: String) -> (day: Int, months: [Int])? {
        let parts = text.split { $0.isWhitespace || ",./-".contains($0) }.map(String.init)
        guard (2...3).contains(parts.count) else { return nil }
        func number(_ text: String, _ digits: ClosedRange<Int>) -> Int? {
            digits.contains(text.count) && text.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
        }
        let isYear = parts.count == 2 || number(parts[2], 4...4) != nil || number(parts[2], 2...2) != nil
        let day = number(parts[0], 1...2) ?? (parts[0].lowercased() == "1er" ? 1 : nil)
        if isYear, let day, parts[1].count > 2, let month = Months.number(named: parts[1]) { return (day, [month]) }
        guard parts.count == 3, !text.contains(where: \.isWhitespace), let month = number(parts[1], 1...2) else {
            return nil
        }
        if number(parts[0], 4...4) != nil, let day = number(parts[2], 1...2) { return (day, [month]) }
        return isYear ? day.map { ($0, [month]) } : nil
    }
}

extension Substring {
    /// One or two digits, without white space around them.
    fileprivate var trimmedDigits: String? {
        let text = String(self).trimmed
        return (1...2).contains(text.count) && text.allSatisfy(\.isASCIIDigit) ? text : nil
    }
}
