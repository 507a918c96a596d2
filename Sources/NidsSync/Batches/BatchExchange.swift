import Foundation

/// The exchange of batches with a provider: complete ones are sent, and those that are under way looked at.
struct BatchExchange: Sendable {
    let sender: BatchSender
    let collector: BatchCollector
    let stop: StopSignal

    private var state: StateDatabase { sender.state }

    /// Clears away what an earlier process was gathering: it has not been sent, and its sheets are gathered anew.
    /// - Throws: `StateError.unwritable`, `DatabaseError`.
    func prepare() async throws {
        let open = try await state.write { tables in
            for batch in try tables.batches.gathering() { try tables.batches.discard(batch) }
            try tables.jobs.takeBackOrphans(alone: false)
            return try tables.batches.open()
        }
        try sender.files.prepare(keeping: open.map(\.id))
    }

    /// Sends batches that are ready, and looks at those that are under way.
    ///
    /// - Parameter onlyDue: `true` for those alone whose time has come.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func attend(onlyDue: Bool) async throws {
        try await sender.sendReady(onlyDue: onlyDue, stop)
        // Looking costs nothing, and what is done has been paid for, budget or not.
        for batch in try await sender.ready(.sent, onlyDue: onlyDue) {
            if stop.isRequested || Task.isCancelled { return }
            try await collector.look(at: batch)
        }
    }
}
