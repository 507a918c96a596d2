import DAV
import Foundation

/// The facts about the server that tell what its answers prove.
extension StateTables {
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
