/// The database that holds what was read: every reading, and for people one per sheet.
public protocol ObservationStore: Sendable {
    /// Creates the tables or brings them up to date. Idempotent; several programs may do it at once.
    func prepare() async throws(ObservationError)

    /// Records a reading, in one transaction, in place of the sheet's earlier one of that model.
    ///
    /// Recording the same reading twice changes nothing, not even a timestamp. A withdrawn reading becomes active.
    /// U+0000, which SQLite would cut texts at, is kept as U+FFFD.
    @discardableResult
    func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome

    /// The scan moved: the sheet's rows follow, withdrawn or not. Nothing where `from` has none.
    ///
    /// Where `to` has rows already, its reading of a model stays, unless it is withdrawn and that of `from` is not, or
    /// only that of `from` is a person's; the other one is deleted.
    func move(from: SheetKey, to: SheetKey) async throws(ObservationError)

    /// Marks the readings of a sheet, or that of one model, as withdrawn: they stay, but the views leave them out.
    func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError)

    /// Makes withdrawn readings active again.
    func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError)

    /// Says which label is the primary one, for rows recorded when it was another.
    func setPrimary(model: String) async throws(ObservationError)

    /// How much there is.
    func count() async throws(ObservationError) -> ObservationCounts

    /// Goes through the rows that people see, ordered by root and path; memory does not grow with their texts.
    ///
    /// Values stand in the order of `view.columns`, as text, `nil` for a blank.
    /// - Throws: `ObservationError`, or what `body` throws.
    func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws
}

/// What recording a reading did.
public enum RecordOutcome: Sendable, Hashable {
    case inserted
    case updated
    case unchanged
}

/// How much a store holds.
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
