public import Foundation

/// A person asks for another try, beside a daemon or without one: a wish is written to the state.
public struct Retry: Sendable {
    /// The outcome of the wish at the next pass, or, before it was asked for, what it would be.
    public struct Outcome: Sendable {
        /// Sheets, each counted once for every model that reads it.
        public var sheets = 0
        /// Answers to be asked for anew, by model.
        public var toAsk: [Asking] = []
        /// Places where no scan lies.
        public var unmatched: [String] = []
        /// Sheets that are left as they are, by reason.
        public var skipped: [(reason: String, count: Int)] = []
        /// Models that were paused, and are tried again.
        public var woken: [String] = []
        /// Its process id, where it told.
        public var process: String?
        /// Set where a process works with the state.
        public var isBeingWorkedOn = false

        public init() {}
    }

    /// A model that has to be asked, and how often.
    public struct Asking: Sendable {
        public var model: String
        public var count: Int
        /// The average cost of one of its answers so far, where that is known.
        public var costPerAnswer: Double?
        /// Set where it costs nothing.
        public var isFree: Bool
    }

    /// Jobs that are changed within one transaction: a daemon beside us waits for each.
    private static let batch = 500

    private let state: StateDatabase
    private let directory: String
    private let now: Date

    /// Opens the state in a folder, `nil` where there is none.
    ///
    /// - Parameter now: the present time.
    /// - Throws: `StateError`.
    public init?(directory: String, now: Date = Date()) throws {
        guard try StateDatabase.exists(in: directory) else { return nil }
        self.init(state: try StateDatabase(directory: directory), directory: directory, now: now)
    }

    init(state: StateDatabase, directory: String, now: Date) {
        self.state = state
        self.directory = directory
        self.now = now
    }

    /// Says what would be done; nothing is written.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    public func plan(_ wish: RetryWish) async throws -> Outcome {
        let selection = try await select(wish)
        return try await outcome(selection, count: selection.count, StateLock.holder(of: directory))
    }

    /// Has it done at the next pass.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    public func perform(_ wish: RetryWish) async throws -> Outcome {
        let holder = StateLock.holder(of: directory)
        let selection = try await select(wish)
        let count = try await tryAgain(selection, wish.kind, deadBefore: holder?.since ?? now)
        var outcome = try await outcome(selection, count: count, holder)
        if count > 0 || selection.unmatched.isEmpty { outcome.woken = try await state.write { try $0.pauses.endAll() } }
        return outcome
    }

    private func select(_ wish: RetryWish) async throws -> RetrySelection {
        try await state.read { tables in
            try RetrySelection(wish, models: try tables.configuredModels(), tables)
        }
    }

    /// - Returns: the number of jobs that will be tried again.
    private func tryAgain(
        _ selection: RetrySelection, _ kind: RetryWish.Kind, deadBefore: Date
    ) async throws -> Int {
        let meanings = try await state.read { try $0.memory.providerModels() }
        let pairs = selection.pairs
        var count = pairs.count * selection.models
        try await state.write { tables in for pair in pairs { try tables.scans.rejoin(pair) } }
        for start in stride(from: 0, to: selection.jobs.count, by: Self.batch) {
            let jobs = Array(selection.jobs[start..<min(start + Self.batch, selection.jobs.count)])
            count += try await state.write { tables in
                let writer = RetryWriter(tables: tables, meanings: meanings, deadBefore: deadBefore)
                return try jobs.count { try writer.tryAgain($0, kind) }
            }
        }
        return count
    }

    private func outcome(
        _ selection: RetrySelection, count: Int, _ holder: StateLock.Holder?
    ) async throws -> Outcome {
        let spending =
            selection.toAsk.isEmpty ? [:] : try await state.read { try $0.requests.spending(since: .distantPast) }
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
