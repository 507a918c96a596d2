/// What came of it.
public struct CrashReport: Sendable {
    public var seed: UInt64
    /// Promises that were broken, each with what shows it.
    public var violations: [String] = []
    public var kills = 0
    /// Runs that ended by themselves.
    public var finishedRuns = 0
    public var scans = 0
    public var contents = 0
    public var modelCalls = 0
    /// Contents asked for more than once, with the kills that excuse it.
    public var askedAgain: [String] = []
    /// The latest kill after an answer that led to another request.
    public var longestUnstored: Duration = .zero
    /// Sheets that the program gave up by its own rules, with its words.
    public var setAside: [String] = []
    /// Where the kills fell.
    public var phases: [String: Int] = [:]
    public var edited = 0
    public var deleted = 0
    public var written = 0
    /// Answers of a PUT that were lost.
    public var lostAnswers = 0
    /// Runs whose log nobody read any more, whose disk filled and was freed, whose terminal closed.
    public var closedLogs = 0
    public var fullDisks = 0
    public var hangUps = 0
    public var results = 0
    public var elapsed: Duration = .zero

    /// Everything, for people.
    public var text: String {
        var lines = [
            "seed \(seed): \(kills) kills, \(finishedRuns) runs that ended by themselves, \(elapsed.milliseconds / 1000) s",
            "killed while: "
                + phases.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "),
            "\(scans) scans of \(contents) contents, \(results) results; the model was asked \(modelCalls) times",
            "a person edited \(edited) results, deleted \(deleted), wrote \(written) before us; "
                + "\(lostAnswers) answers of a PUT were lost",
            "the log was closed in \(closedLogs) runs, the disk filled in \(fullDisks), the terminal closed in \(hangUps)",
            "asked again because the request was open at a kill: \(askedAgain.count) contents"
                + " (latest kill after an answer: \(longestUnstored.milliseconds) ms)",
        ]
        lines += askedAgain.map { "    \($0)" }
        lines.append("set aside by the program's own rules: \(setAside.count)")
        lines += setAside.map { "    \($0)" }
        lines.append(violations.isEmpty ? "every promise was kept" : "BROKEN: \(violations.count)")
        lines += violations.map { "    \($0)" }
        return lines.joined(separator: "\n")
    }
}
