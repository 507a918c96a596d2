/// The database that holds what was read: every reading, and for people one per sheet.
public protocol ObservationStore: Sendable {
    /// Creates the tables or brings them up to date.
    ///
    /// Idempotent, also after a try that was interrupted anywhere; several programs may do it at once. Nothing is
    /// remembered of a failure: after `unreachable`, whose reason says what is waited for, it is called again until it
    /// works. It takes up to the connecting time of all servers (10 s each), 30 s for another program's turn, and once
    /// after an upgrade, or with other lists of names, the time to compute every row anew: some 2 ms each.
    /// - Throws: `ObservationError`, never `rejected`.
    func prepare() async throws(ObservationError)

    /// Records a reading, in one transaction, in place of the sheet's earlier one of that model.
    ///
    /// Recording the same reading twice changes nothing, not even a timestamp. A withdrawn reading becomes active.
    /// U+0000, which SQLite would cut texts at, is kept as U+FFFD.
    /// - Throws: `ObservationError`; `rejected` concerns this reading alone.
    @discardableResult
    func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome

    /// The scan moved: the sheet's rows follow, withdrawn or not. Nothing where `from` has none.
    ///
    /// Where `to` has rows already, its reading of a model stays, unless it is withdrawn and that of `from` is not, or
    /// only that of `from` is a person's; the other one is deleted.
    /// - Throws: `ObservationError`; `misconfigured` also for an origin that this version does not know.
    func move(from: SheetKey, to: SheetKey) async throws(ObservationError)

    /// Marks the readings of a sheet, or that of one model, as withdrawn: they stay, but the views leave them out.
    /// - Throws: `ObservationError`.
    func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError)

    /// Makes withdrawn readings active again.
    /// - Throws: `ObservationError`.
    func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError)

    /// A reading stays as it is, and its result lies elsewhere now: the file is no sheet any more.
    ///
    /// - Parameter path: the place of the result, below the root.
    /// - Throws: `ObservationError`.
    func setResultPath(_ path: String, of sheet: SheetKey, model: String) async throws(ObservationError)

    /// How much a model's reading deserves a second look has changed with what others read; a person's stays as it is.
    ///
    /// - Throws: `ObservationError`.
    func setPriority(_ priority: Int?, of sheet: SheetKey, model: String) async throws(ObservationError)

    /// What deserves a second look first. Nothing is written, and no tables are made.
    ///
    /// - Parameter limit: the number of sheets at most.
    /// - Throws: `ObservationError`; `misconfigured` also where the tables are an earlier version's.
    func toReview(limit: Int) async throws(ObservationError) -> ReviewList

    /// Marks the readings of the primary label, for rows recorded when it was another.
    /// - Throws: `ObservationError`.
    func setPrimary(model: String) async throws(ObservationError)

    /// What was learned of people's corrections of species, what is in force first.
    /// - Throws: `ObservationError`.
    func equivalences() async throws(ObservationError) -> [Equivalence]

    /// Undoes what was learned about a name, and looks up anew the species of all rows that were read so.
    ///
    /// - Parameter reading: the name as it was read, in any spelling that is compared as the same.
    /// - Returns: how many corrections it had been learned from; 0 where nothing had.
    /// - Throws: `ObservationError`.
    func undoEquivalence(of reading: String) async throws(ObservationError) -> Int

    /// Counts sheets, readings, visits and failed checks.
    /// - Throws: `ObservationError`.
    func count() async throws(ObservationError) -> ObservationCounts

    /// Goes through the rows that people see, ordered by root and path; memory does not grow with their texts.
    ///
    /// Values stand in the order of `view.columns`, as text, `nil` for a blank.
    /// - Throws: `ObservationError`, or what `body` throws.
    func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws
}

/// The effect of recording a reading.
public enum RecordOutcome: Sendable, Hashable {
    case inserted
    case updated
    case unchanged
}

/// The numbers of things in a store.
public struct ObservationCounts: Sendable, Hashable {
    /// Sheets with a reading that is not withdrawn.
    public var sheets = 0
    /// Readings that are not withdrawn.
    public var readings = 0
    /// Readings that are.
    public var withdrawn = 0
    /// Visits of the readings that people see.
    public var visits = 0
    /// Failed checks of the readings that people see.
    public var checks = 0

    public init() {}
}
