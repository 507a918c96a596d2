/// The one visit whose month breaks the order of a table that is in order otherwise.
struct LoneMonth {
    /// The visit's place among the dates.
    let index: Int
    /// The months that would put it in order, the earliest first.
    let months: [Int]

    /// Fewer dates tell no order that one of them could break.
    private static let leastDates = 4

    /// Finds it; `nil` where all is in order, where more than one month is wrong, or where it cannot be told which of
    /// two is.
    init?(_ dates: [SheetDate]) {
        let dated = dates.indices.filter { dates[$0].month != nil }
        guard dated.count >= Self.leastDates else { return nil }
        let breaks = zip(dated, dated.dropFirst()).filter { dates[$1].precedes(dates[$0]) }
        // One that is too early breaks the order once, and so does one that is too late.
        guard breaks.count == 1, let (before, after) = breaks.first else { return nil }
        let found = [before, after].compactMap { place -> Repair? in
            let months = (1...12).filter { Self.isOrdered(dates, dated, with: $0, at: place) }
            guard let first = months.first, let last = months.last else { return nil }
            // Before the first and after the last date anything would do: the month nearest to theirs is the likely one.
            let likely = place == dated.first ? [last] : place == dated.last ? [first] : months
            return Repair(place: place, months: likely, span: Self.span(dates, dated, with: likely[0], at: place))
        }
        // Of two the one that leaves the visits closer together, as they are on sheets.
        guard let best = found.min(by: { $0.span < $1.span }), found.count == 1 || found[0].span != found[1].span else {
            return nil
        }
        // Within one month a day may be wrong as well, unless the next visit says otherwise.
        if dates[before].month == dates[after].month {
            guard best.place == after, best.months.count == 1, best.place != dated.last else { return nil }
        }
        index = best.place
        months = best.months
    }

    /// Other months for one visit, and how many months the visits then span.
    private struct Repair {
        var place: Int
        var months: [Int]
        var span: Int
    }

    private static func span(_ dates: [SheetDate], _ dated: [Int], with month: Int, at place: Int) -> Int {
        guard let first = dated.first, let last = dated.last else { return 0 }
        return (last == place ? month : dates[last].month ?? 0) - (first == place ? month : dates[first].month ?? 0)
    }

    /// As it is written in a message.
    var words: String {
        switch (months.first, months.last) {
        case (let first?, let last?) where first == last: "mois \(first)"
        case (let first?, let last?) where months.count == 2: "mois \(first) ou \(last)"
        case (let first?, let last?): "un mois entre \(first) et \(last)"
        default: ""
        }
    }

    private static func isOrdered(_ dates: [SheetDate], _ dated: [Int], with month: Int, at place: Int) -> Bool {
        let changed = SheetDate(field: "", dayKey: "", day: dates[place].day, month: month)
        if let day = changed.day, day > SheetDate.days(in: month, of: nil) { return false }
        return zip(dated, dated.dropFirst()).allSatisfy { earlier, later in
            !(later == place ? changed : dates[later]).precedes(earlier == place ? changed : dates[earlier])
        }
    }
}

extension SheetDate {
    /// True when it certainly lies before another date: a day is compared when both have one.
    func precedes(_ other: SheetDate) -> Bool {
        guard let month, let otherMonth = other.month else { return false }
        return month < otherMonth || month == otherMonth && (day ?? 31) < (other.day ?? 1)
    }
}
