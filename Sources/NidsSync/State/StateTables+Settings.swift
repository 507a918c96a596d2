import Foundation

extension StateTables {
    /// The settings that the last run worked with, `nil` before the first.
    /// - Throws: `DatabaseError`.
    func rememberedSettings() throws -> RememberedSettings? {
        try memory.recall(.settings).flatMap {
            try? JSONDecoder().decode(RememberedSettings.self, from: Data($0.utf8))
        }
    }

    /// The models that the last run worked with, the primary first.
    /// - Throws: `DatabaseError`.
    func configuredModels() throws -> [String] { try rememberedSettings()?.models ?? counts.models() }
}
