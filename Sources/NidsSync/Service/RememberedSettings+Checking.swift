import Foundation

extension RememberedSettings {
    /// Compares with what the state remembers, and remembers these.
    ///
    /// - Returns: the root as it was first written, which rows are known by: another spelling of it is the same place.
    /// - Throws: `PassError.changedIdentity`, `DatabaseError`.
    @discardableResult
    func check(against state: StateDatabase, acceptChange: Bool) async throws -> String {
        let stored = try await state.read { try $0.rememberedSettings() }
        var kept = self
        if let stored, PlaceSpelling.areSame(stored.root, root) { kept.root = stored.root }
        try await kept.compare(with: stored, state, acceptChange: acceptChange)
        return kept.root
    }

    private func compare(
        with stored: RememberedSettings?, _ state: StateDatabase, acceptChange: Bool
    ) async throws {
        guard stored != self else { return }
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        let movesRoot = stored.map(movesRoot) ?? false
        let movesObservations = stored.map(movesObservations) ?? false
        if let change = stored.flatMap(change), !acceptChange { throw PassError.changedIdentity(change) }
        try await state.write { tables in
            if movesRoot { try tables.forgetRoot() }
            if movesObservations {
                // Everything delivered is recorded in the new home once more.
                try tables.jobs.recordEverythingAgain()
                try tables.sheets.forgetRecordedPaths()
            }
            try tables.memory.remember(.settings, text)
        }
    }

    private func movesRoot(from stored: RememberedSettings) -> Bool {
        stored.url != url || stored.user != user || !stored.root.utf8.elementsEqual(root.utf8)
    }

    /// A cluster with a node more, or fewer, is the same home.
    private func movesObservations(from stored: RememberedSettings) -> Bool {
        !Settings.Observations.areSame(observations, stored.observations)
    }

    /// A model more is no reason to ask.
    private func change(from stored: RememberedSettings) -> String? {
        if stored.url != url { return "nextcloud.url was \(stored.url) and is \(url) now" }
        if stored.user != user { return "nextcloud.user was \(stored.user) and is \(user) now" }
        if !PlaceSpelling.areSame(stored.root, root) {
            return "nextcloud.root was \"\(stored.root)\" and is \"\(root)\" now"
        }
        if movesObservations(from: stored) {
            return "the observations were recorded in \(stored.observations) and would go to \(observations) now "
                + "(observations.host, DB_HOST)"
        }
        let lost = stored.models.filter { !models.contains($0) }
        if !lost.isEmpty {
            return
                "the model \(lost.joined(separator: ", ")) is no longer configured (transcription.models, or the key "
                + "that chooses the default)"
        }
        if stored.models.first != models.first {
            return "the primary model was \(stored.models.first ?? "") and is \(models.first ?? "") now"
        }
        return nil
    }
}
