import DAV
import Foundation

extension Discovery {
    /// Everything that a poll has to know of the state, read at once: it costs the same however many scans there are.
    struct Knowledge: Sendable {
        var propagation: Propagation?
        var rootETag: String?
        /// The collections whose listing shows whether scans that were missed once are really gone.
        var unconfirmed: Set<RemotePath>
        /// Set where an earlier look ended before it was settled.
        var hasUnsettled: Bool
        /// The time since which our folder's ETags are believed, in seconds since 1970.
        var unverifiedSince: Double?
        /// The names of folders of preparations by which scans are grouped, `nil` before the first look.
        var variants: String?
        /// The storages that are mounted below the root.
        var mounts: MountPoints

        var isSettled: Bool { unconfirmed.isEmpty && !hasUnsettled }
    }

    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func knowledge() async throws -> Knowledge {
        let isNextcloud = dav.isNextcloud
        return try await state.read { tables in
            Knowledge(
                propagation: try Propagation(in: tables.memory, isNextcloud: isNextcloud),
                rootETag: try tables.collections.etag(of: .root), unconfirmed: try Self.unconfirmed(tables),
                hasUnsettled: try tables.scans.hasUnsettled(),
                unverifiedSince: try tables.memory.recall(.unverifiedResults).flatMap(Double.init),
                variants: try tables.memory.recall(.variants),
                mounts: MountPoints(remembered: try tables.memory.recall(.mounts)))
        }
    }

    private static func unconfirmed(_ tables: StateTables) throws -> Set<RemotePath> {
        try Set(
            tables.scans.missedFolders().map { folder in
                var path = folder
                while let parent = path.parent, try !tables.collections.isKnown(path) { path = parent }
                return path
            })
    }

    /// Other folders hold preparations now: whose scans are affected is settled at the look's end.
    /// - Throws: `DatabaseError`.
    func regroup() async throws {
        let variants = rules.variants
        try await state.write { tables in
            try tables.variants.regroup(variants)
            try tables.memory.remember(.variants, variants.key)
        }
    }

    /// `true` when it is time to look for what people did among the results while we wrote there.
    func owesLookAtResults(since: Double?) -> Bool {
        guard let since else { return false }
        let passed = now().timeIntervalSince1970 - since
        // A clock that was set back is no reason to put it off.
        return passed < 0 || passed >= verificationInterval.seconds
    }
}
