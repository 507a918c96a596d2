import HarnessSupport

/// Judges scans, results and rows once there is nothing left to do.
struct Verdict {
    let oracle: Oracle
    let tree: PeopleTree
    let rows: [ObservationRow]
    /// The reasons that the program tells, by the scan's path.
    let reasons: [String: String]
    /// Set where some run told of a result that is another scan's.
    let toldOfOthers: Bool
    private(set) var broken: [String] = []
    /// Scans without a reading for a reason that is told.
    private(set) var told: [String] = []

    private var results: [String: [UInt8]] { oracle.snapshot.results }

    init(
        _ oracle: Oracle, _ tree: PeopleTree, _ rows: [ObservationRow], reasons: [String: String], toldOfOthers: Bool
    ) {
        self.toldOfOthers = toldOfOthers
        self.oracle = oracle
        self.tree = tree
        self.rows = rows
        self.reasons = reasons
        for row in rows where !row.isWithdrawn { judge(row) }
        for path in tree.scans {
            if let file = tree.files[path] { judge(file, path) }
        }
        let live = Dictionary(grouping: rows.filter { !$0.isWithdrawn }, by: \.path)
        for (path, rows) in live where rows.count > 1 { broken.append("\(rows.count) rows of \(path)") }
    }

    /// A row has its scan and its result, and says what that says.
    private mutating func judge(_ row: ObservationRow) {
        guard Places.isScan(row.path), let file = tree.files[row.path] else {
            broken.append("a row without a scan: \(row.path)")
            return
        }
        guard let place = row.result, let bytes = results[place] else {
            broken.append("a row without a result: \(row.path), \(row.result ?? "no place")")
            return
        }
        guard let result = WrittenResult(bytes) else {
            if reasons[row.path] == nil { broken.append("a spoilt result is not told: \(place)") }
            return
        }
        let isOurs = result.isIntact
        if isOurs, let source = result.source, source != file.digest {
            if row.origin == "personne" { broken.append("another scan's reading as a person's: \(row.path)") }
            if !toldOfOthers, reasons[row.path] == nil { broken.append("another scan's result is not told: \(place)") }
            return
        }
        if row.document != result.sheet { broken.append("recorded otherwise than its result says: \(row.path)") }
        let origins: Set<String> = isOurs ? ["modele"] : ["personne", "adoptee"]
        if !origins.contains(row.origin) { broken.append("recorded as from \(row.origin): \(row.path)") }
        if isOurs, row.content != file.digest { broken.append("recorded under another content: \(row.path)") }
    }

    /// A whole scan has its row, unless its result was deleted or the program tells why not.
    private mutating func judge(_ file: ScanFile, _ path: String) {
        let isRecorded = rows.contains { $0.path == path && !$0.isWithdrawn }
        guard file.isWhole else {
            if !isRecorded, reasons[path] == nil, !file.bytes.isEmpty { broken.append("no reason told: \(path)") }
            return
        }
        if file.isUnsure || isRecorded { return }
        if file.isResultDeleted { return }
        guard let reason = reasons[path] else {
            broken.append("silently skipped: \(path)")
            return
        }
        told.append("\(path): \(reason)")
    }
}
