import Foundation
import GRDB
import Transcriber

extension StateStore {
    /// The settings that the last run worked with, `nil` before the first.
    func identity() async throws -> Identity? {
        try await recall(.identity).flatMap { try? JSONDecoder().decode(Identity.self, from: Data($0.utf8)) }
    }

    /// The models that the last run worked with, the primary first.
    func configuredModels() async throws -> [String] {
        if let identity = try await identity() { return identity.models }
        return try await database.read { try String.fetchAll($0, sql: "SELECT DISTINCT model FROM job ORDER BY model") }
    }
}

extension Spending {
    /// Whether a model of that label costs nothing, as a program of this machine: its answers took no tokens.
    func isFree(label: String) -> Bool {
        ModelCatalogue.entry(for: label)?.engine == .tesseract
            || answers > 0 && cost == 0 && unpriced == 0 && tokens == TokenUsage(input: 0, output: 0)
    }
}
