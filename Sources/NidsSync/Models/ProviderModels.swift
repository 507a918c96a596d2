import Foundation
import Transcriber

/// The provider's model that each label means, and since when: providers answer under names of their own, so that
/// the answer's name alone does not tell whether the label has come to mean another.
struct ProviderModels: Codable, Equatable {
    struct Meaning: Codable, Equatable {
        /// The provider's id.
        var id: String
        /// In seconds since 1970.
        var since: Double
    }

    private(set) var meanings: [String: Meaning] = [:]

    /// Takes over what the labels mean from now on, where it is known.
    mutating func update(_ settings: Settings.Transcription, at now: Date) {
        for label in settings.models {
            guard let id = settings.engines[label]?.model ?? ModelCatalogue.entry(for: label)?.providerID,
                meanings[label]?.id != id
            else { continue }
            meanings[label] = Meaning(id: id, since: now.timeIntervalSince1970)
        }
    }

    /// `true` when an answer came from the model that the label means now; not knowing counts as yes.
    func isCurrent(_ model: String, label: String, askedAt: Double) -> Bool {
        guard let meaning = meanings[label], askedAt < meaning.since else { return true }
        return Self.isVersion(model, of: meaning.id)
    }

    /// `gemini-2.5-pro-002` is one of `gemini-2.5-pro`, and `tesseract 5.3.0 fra` one of `tesseract`.
    static func isVersion(_ model: String, of id: String) -> Bool {
        guard model.hasPrefix(id) else { return false }
        let rest = model.dropFirst(id.count)
        guard let first = rest.first else { return true }
        return first == " " || first == "@" || first == "-" && (rest.dropFirst().first?.isNumber ?? false)
    }
}

extension MemoryTable {
    /// The models that the labels mean, as far as a run has told.
    /// - Throws: `DatabaseError`.
    func providerModels() throws -> ProviderModels {
        try recall(.providerModels).flatMap {
            try? JSONDecoder().decode(ProviderModels.self, from: Data($0.utf8))
        } ?? ProviderModels()
    }

    /// Remembers the models that the labels mean in this run.
    /// - Throws: `DatabaseError`.
    func rememberProviderModels(_ settings: Settings.Transcription, at now: Date) throws {
        let before = try providerModels()
        var models = before
        models.update(settings, at: now)
        guard models != before else { return }
        try remember(.providerModels, String(decoding: try JSONEncoder().encode(models), as: UTF8.self))
    }
}
