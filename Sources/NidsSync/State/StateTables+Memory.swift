import DAV
import Foundation

/// What earlier runs found out about the server, and with which settings they worked.
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

    /// `true` where the server is not known to carry out uploads whose precondition does not hold.
    /// - Throws: `DatabaseError`.
    func isHonoured(_ precondition: Precondition) throws -> Bool {
        let stored = try memory.recall(.preconditions).map { Data($0.utf8) }
        guard let support = stored.flatMap({ try? JSONDecoder().decode(PreconditionSupport.self, from: $0) }) else {
            return true
        }
        switch precondition {
        case .absent: return support.honoursIfNoneMatch
        case .unchanged: return support.honoursIfMatch
        }
    }
}
