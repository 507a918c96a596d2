import Synchronization

/// A store that prepares its tables before they are first used, and again after it did not do what it was asked: a
/// database that comes up after us, or is another one when it is back, gets its tables like any other.
final class PreparedObservationStore: ObservationStore {
    private let store: any ObservationStore
    private let primary: String?
    private let isPrepared = Mutex(false)

    /// - Parameter primary: the label whose readings people see.
    init(_ store: any ObservationStore, primary: String?) {
        self.store = store
        self.primary = primary
    }

    /// Does nothing once it has worked, until something fails.
    func prepare() async throws(ObservationError) {
        guard !isPrepared.withLock({ $0 }) else { return }
        try await store.prepare()
        if let primary { try await store.setPrimary(model: primary) }
        isPrepared.withLock { $0 = true }
    }

    private func prepared<Value>(
        _ work: (any ObservationStore) async throws(ObservationError) -> Value
    ) async throws(ObservationError) -> Value {
        try await prepare()
        do { return try await work(store) } catch {
            if case .rejected = error { throw error }
            isPrepared.withLock { $0 = false }
            throw error
        }
    }

    func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome {
        try await prepared { store throws(ObservationError) in try await store.record(reading) }
    }

    func move(from: SheetKey, to: SheetKey) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in try await store.move(from: from, to: to) }
    }

    func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in
            try await store.withdraw(sheet, model: model, reason: reason)
        }
    }

    func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in try await store.reinstate(sheet, model: model) }
    }

    func setResultPath(_ path: String, of sheet: SheetKey, model: String) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in
            try await store.setResultPath(path, of: sheet, model: model)
        }
    }

    func setPriority(_ priority: Int?, of sheet: SheetKey, model: String) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in
            try await store.setPriority(priority, of: sheet, model: model)
        }
    }

    func toReview(limit: Int) async throws(ObservationError) -> ReviewList {
        try await prepared { store throws(ObservationError) in try await store.toReview(limit: limit) }
    }

    func setPrimary(model: String) async throws(ObservationError) {
        try await prepared { store throws(ObservationError) in try await store.setPrimary(model: model) }
    }

    func equivalences() async throws(ObservationError) -> [Equivalence] {
        try await prepared { store throws(ObservationError) in try await store.equivalences() }
    }

    func undoEquivalence(of reading: String) async throws(ObservationError) -> Int {
        try await prepared { store throws(ObservationError) in try await store.undoEquivalence(of: reading) }
    }

    func count() async throws(ObservationError) -> ObservationCounts {
        try await prepared { store throws(ObservationError) in try await store.count() }
    }

    func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws {
        try await prepare()
        try await store.forEachCurrent(view, body)
    }
}
