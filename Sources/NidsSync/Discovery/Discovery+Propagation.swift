import DAV
import Foundation
import Logging

/// The way in which a server tells of changes deep below: whether every collection above gets a new ETag.
enum Propagation: String, Sendable {
    case works
    case broken
    /// Seen to work once, which may have been somebody else's change.
    case likely

    /// The stored finding. A Nextcloud is believed to propagate until it is seen not to; another server is not.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    init?(in memory: MemoryTable, isNextcloud: Bool) throws {
        guard let word = try memory.recall(.propagation) else {
            guard isNextcloud else { return nil }
            self = .works
            return
        }
        guard let known = Propagation(rawValue: word) else {
            throw StateError.unknownWord(column: MemoryTable.Key.propagation.rawValue, word: word)
        }
        self = known
    }
}

extension Discovery {
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func propagation() async throws -> Propagation? {
        let isNextcloud = dav.isNextcloud
        return try await state.read { try Propagation(in: $0.memory, isNextcloud: isNextcloud) }
    }

    /// Our own uploads, some levels below the root, did or did not change its ETag.
    func notePropagation(_ reachesRoot: Bool) async throws {
        switch (try await propagation(), reachesRoot) {
        case (.works, _), (.broken, _), (nil, false): return
        case (.likely, true): try await state.remember(.propagation, Propagation.works.rawValue)
        case (nil, true): try await state.remember(.propagation, Propagation.likely.rawValue)
        // The root's ETag may have been stored after these uploads: no proof that it never changes.
        case (.likely, false): try await state.forget(.propagation)
        }
    }

    /// After a view of everything: a collection that kept its ETag although something below it changed is asked
    /// for its ETag once more, and where it still is the same, ETags are not relied on.
    func judgePropagation(_ look: Look) async throws {
        let changed = look.changedFolders
        guard !changed.isEmpty else { return }
        let suspects = look.sameETags.filter { path in changed.contains { $0.isInside(path) } }
        guard let suspect = suspects.min() else {
            if dav.isNextcloud { try await state.forget(.propagation) }
            return
        }
        guard let stored = try await state.read({ try $0.collections.etag(of: suspect) }) else { return }
        do {
            let now = try await dav.properties(of: suspect, isCollection: true)
            if now.etag?.value == stored { try await giveUpETags(below: suspect) }
        } catch let error as DAVError where error.kind == .notFound {
            // Gone meanwhile: it tells nothing.
        }
    }

    private func giveUpETags(below path: RemotePath) async throws {
        guard try await propagation() != .broken else { return }
        try await state.remember(.propagation, Propagation.broken.rawValue)
        logger.notice(
            "this server does not tell by a folder's tag that something below it changed: it is walked instead",
            metadata: ["path": "\(path)"])
    }
}
