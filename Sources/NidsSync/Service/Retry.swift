public import Foundation

/// A person asks for another try, beside a daemon or without one: a wish is written to the state.
public struct Retry: Sendable {
    /// What will be done at the next pass, or, before it was asked for, what would be.
    public struct Outcome: Sendable {
        /// Sheets, each counted once for every model that reads it.
        public var sheets = 0
        /// Answers to be asked for anew, by model.
        public var toAsk: [Asking] = []
        /// Places where no scan lies.
        public var unmatched: [String] = []
        /// Sheets that are left as they are, by reason.
        public var skipped: [(reason: String, count: Int)] = []
        /// Models that rested, and are tried again.
        public var woken: [String] = []
        /// Its process id, where it told.
        public var process: String?
        /// Whether a process works with the state.
        public var isBeingWorkedOn = false

        public init() {}
    }

    /// How often a model has to be asked.
    public struct Asking: Sendable {
        public var model: String
        public var count: Int
        /// What an answer of it has cost on average, where that is known.
        public var costPerAnswer: Double?
        /// Whether it costs nothing.
        public var isFree: Bool
    }

    private let state: StateStore
    private let directory: String
    private let now: Date

    /// Opens the state in a folder, `nil` where there is none.
    /// - Throws: `StateError`.
    public init?(directory: String, now: Date = Date()) throws {
        guard try StateStore.exists(in: directory) else { return nil }
        self.init(state: try StateStore(directory: directory), directory: directory, now: now)
    }

    init(state: StateStore, directory: String, now: Date) {
        self.state = state
        self.directory = directory
        self.now = now
    }

    /// What would be done; nothing is written.
    public func plan(_ wish: RetryWish) async throws -> Outcome {
        let selection = try await select(wish)
        return try await outcome(selection, count: selection.jobs.count, StateLock.holder(of: directory))
    }

    /// Has it done at the next pass.
    public func perform(_ wish: RetryWish) async throws -> Outcome {
        let holder = StateLock.holder(of: directory)
        let selection = try await select(wish)
        let count = try await state.tryAgain(selection, wish.kind, deadBefore: holder?.since ?? now)
        var outcome = try await outcome(selection, count: count, holder)
        if count > 0 || selection.unmatched.isEmpty { outcome.woken = try await state.endPauses() }
        return outcome
    }

    private func select(_ wish: RetryWish) async throws -> RetrySelection {
        try await state.select(wish, models: try await state.configuredModels())
    }

    private func outcome(
        _ selection: RetrySelection, count: Int, _ holder: StateLock.Holder?
    ) async throws -> Outcome {
        let spending = selection.toAsk.isEmpty ? [:] : try await state.spending(since: .distantPast)
        var outcome = Outcome()
        outcome.sheets = count
        outcome.toAsk = Dictionary(grouping: selection.toAsk, by: \.model).sorted { $0.key < $1.key }.map {
            Asking(
                model: $0.key, count: $0.value.count, costPerAnswer: spending[$0.key]?.costPerAnswer,
                isFree: (spending[$0.key] ?? Spending()).isFree(label: $0.key))
        }
        outcome.unmatched = selection.unmatched
        outcome.skipped = selection.skipped
        outcome.process = holder?.process
        outcome.isBeingWorkedOn = holder != nil
        return outcome
    }
}
