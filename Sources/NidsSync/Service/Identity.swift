import DAV
import Foundation
import GRDB

/// What the state remembers of the settings, so that a run which lost some of them by mistake does no harm.
struct Identity: Codable, Equatable {
    var url: String
    var user: String
    var root: String
    var models: [String]
    var observations: String

    init(_ settings: Settings) {
        // The same place with another slash is the same place.
        url = String(settings.nextcloud.url.reversed().drop { $0 == "/" }.reversed())
        user = settings.nextcloud.user
        root = RemotePath(settings.nextcloud.root)?.description ?? settings.nextcloud.root
        models = settings.transcription.models
        observations = settings.observations.home
    }

    /// Compares with what the state remembers, and remembers this one.
    /// - Throws: `PassError.changedIdentity`.
    func check(against state: StateStore, acceptChange: Bool) async throws {
        let stored = try await state.recall(.identity).flatMap {
            try? JSONDecoder().decode(Identity.self, from: Data($0.utf8))
        }
        if let stored, stored != self {
            if let change = change(from: stored), !acceptChange { throw PassError.changedIdentity(change) }
            if movesRoot(from: stored) { try await state.forgetRoot() }
            if stored.observations != observations { try await state.recordAgain() }
        }
        guard stored != self else { return }
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        try await state.remember(.identity, text)
    }

    private func movesRoot(from stored: Identity) -> Bool {
        stored.url != url || stored.user != user || !stored.root.utf8.elementsEqual(root.utf8)
    }

    /// A model more is no reason to ask.
    private func change(from stored: Identity) -> String? {
        if stored.url != url { return "nextcloud.url was \(stored.url) and is \(url) now" }
        if stored.user != user { return "nextcloud.user was \(stored.user) and is \(user) now" }
        if stored.root != root { return "nextcloud.root was \"\(stored.root)\" and is \"\(root)\" now" }
        if stored.observations != observations {
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

extension StateStore {
    /// The observations' home has changed: everything delivered is recorded there once more.
    func recordAgain() async throws {
        try await database.write { db in
            try db.execute(sql: "UPDATE job SET recorded = 0")
            try db.execute(sql: "UPDATE sheet SET recorded_path = NULL")
            try db.execute(sql: "UPDATE job SET stage = 'answered' WHERE stage = 'done'")
        }
    }
}
