import Glibc

/// What was found out: printed as it comes, and judged at the end.
struct Report {
    private var verdicts = Table(title: "Targets", columns: ["what", "target", "measured", "verdict"])

    func show(_ table: Table) {
        print(table.text)
        // Into a file too, line by line as it is found out.
        fflush(nil)
    }

    /// Notes whether a target was met.
    mutating func judge(_ what: String, target: String, measured: String, _ isMet: Bool) {
        verdicts.add(what, target, measured, Shown.verdict(isMet))
    }

    /// Prints every target.
    func conclude() {
        if !verdicts.rows.isEmpty { print(verdicts.text) }
    }
}
