/// How well the order in which sheets are to be looked over finds those that were read wrongly.
public struct ReviewOrder: Sendable, Hashable {
    /// The sheets that were ordered.
    public var sheets: Int
    /// The first tenth of them, at least one.
    public var first: Int
    /// The fields of all of them that were not read right: wrong, missed or invented.
    public var wrong: Int
    /// The share of those that lie in the first tenth, from 0 to 1.
    public var share: Double
    /// The same where the order is by chance.
    public var randomShare: Double
    /// The same where those with the most such fields come first.
    public var bestShare: Double

    /// The order by priority; `nil` where there are no sheets, or nothing is wrong with them.
    ///
    /// Sheets of one priority are taken to be in any order, each as likely.
    /// - Parameter readings: each reading's priority and the number of its fields that are not right.
    public init?(_ readings: [(priority: Int, wrong: Int)]) {
        sheets = readings.count
        first = (readings.count + 9) / 10
        wrong = readings.reduce(0) { $0 + $1.wrong }
        guard wrong > 0 else { return nil }
        randomShare = Double(first) / Double(sheets)
        bestShare = Self.share(readings.map { ($0.wrong, $0.wrong) }, first) / Double(wrong)
        share = Self.share(readings, first) / Double(wrong)
    }

    private static func share(_ readings: [(priority: Int, wrong: Int)], _ first: Int) -> Double {
        let groups = Dictionary(grouping: readings) { $0.priority }.sorted { $0.key > $1.key }
        var (found, left) = (0.0, first)
        for (_, group) in groups where left > 0 {
            let taken = min(left, group.count)
            found += Double(group.reduce(0) { $0 + $1.wrong }) * Double(taken) / Double(group.count)
            left -= taken
        }
        return found
    }
}

extension Evaluation {
    /// How well a model's sheets are ordered by `priorite_relecture`.
    public func reviewOrder(of model: String) -> ReviewOrder? {
        ReviewOrder(
            sheets.filter { $0.model == model }.compactMap { sheet in
                sheet.priority.map { ($0, sheet.score.wrong + sheet.score.missed + sheet.score.invented) }
            })
    }

    /// A line for each model, for a terminal.
    var reviewText: String {
        let lines = models.compactMap { model in
            reviewOrder(of: model).map { order in
                "\(model): of \(order.wrong) fields that were not read right, \(Self.percent(order.share)) lie in the "
                    + "first tenth of the sheets (\(order.first) of \(order.sheets)) ordered by priorite_relecture; "
                    + "\(Self.percent(order.randomShare)) in any order, \(Self.percent(order.bestShare)) in the best.\n"
            }
        }
        return lines.isEmpty ? "" : "\n" + lines.joined() + ReviewOrder.caveat + "\n"
    }
}

extension ReviewOrder {
    /// What has to be known of the weights.
    static let caveat = "Its weights were fitted on simulated misreadings of sample sheets, not on real ones."

    /// As `evaluate --json` tells it.
    var json: JSONValue {
        func rounded(_ share: Double) -> JSONValue { .number((share * 10_000).rounded() / 10_000) }
        return [
            "sheets": .integer(sheets), "first_tenth": .integer(first), "not_right": .integer(wrong),
            "share": rounded(share), "random_share": rounded(randomShare), "best_share": rounded(bestShare),
            "weights": "fitted on simulated misreadings",
        ]
    }
}
