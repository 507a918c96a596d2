/// What came of a run of the harness.
public struct PeopleReport: Sendable {
    /// A history that was played.
    public struct Played: Sendable {
        /// The seed that plays it again.
        public var seed: UInt64
        /// Promises that were broken, each with what shows it.
        public var broken: [String] = []
        /// What happened, in order.
        public var lines: [String] = []
        /// Scans that have no reading for a reason that the program tells.
        public var told: [String] = []
        /// How often each deed was done.
        public var deeds: [String: Int] = [:]
        /// Runs of the program.
        public var runs = 0
        /// Requests that the model got.
        public var calls = 0
        /// Why it could not be judged: the server failed with an error of its own.
        public var unjudged: String?
        /// How long it took.
        public var elapsed: Duration = .zero

        /// Its course, and what was broken.
        public var text: String {
            var lines = ["history of seed \(seed):"] + self.lines.map { "    " + $0 }
            lines += broken.map { "  BROKEN: " + $0 }
            if let reason = unjudged { lines.append("  not judged: \(reason)") }
            return lines.joined(separator: "\n")
        }
    }

    /// The histories, in the order in which they ended.
    public var histories: [Played] = []
    /// How long all of it took.
    public var elapsed: Duration = .zero

    /// True where no promise was broken and at least one history could be judged.
    public var isKept: Bool {
        histories.allSatisfy(\.broken.isEmpty) && histories.contains { $0.unjudged == nil }
    }

    /// Everything, for people: each broken history with its whole course.
    public var text: String {
        var lines: [String] = []
        for history in histories where !history.broken.isEmpty || history.unjudged != nil {
            lines.append(history.text)
        }
        let deeds = histories.reduce(into: [String: Int]()) { $0.merge($1.deeds, uniquingKeysWith: +) }
        lines.append(
            "deeds: "
                + deeds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        let told = histories.flatMap { history in history.told.map { "seed \(history.seed): \($0)" } }
        lines.append("scans without a reading for a reason that is told: \(told.count)")
        lines += told.prefix(40).map { "    " + $0 }
        let broken = histories.count { !$0.broken.isEmpty }
        let unjudged = histories.count { $0.unjudged != nil }
        lines.append(
            "\(histories.count) histories, \(histories.reduce(0) { $0 + $1.runs }) runs of the program, "
                + "\(histories.reduce(0) { $0 + $1.calls }) requests of the model, "
                + "\(elapsed.components.seconds) s; broken: \(broken), not judged: \(unjudged)")
        return lines.joined(separator: "\n")
    }
}
