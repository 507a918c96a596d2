import DAV
import Foundation
import Logging

/// Whether a change deep below gives every collection above it a new tag.
enum Propagation: String, Sendable {
    case works
    case broken
    /// Seen to work once, which may have been somebody else's change.
    case likely
}

extension Discovery {
    /// What is known of it. A Nextcloud is believed to do it until it is seen not to; another server is not.
    func propagation() async throws -> Propagation? {
        try await state.recall(.propagation).flatMap(Propagation.init) ?? (dav.isNextcloud ? .works : nil)
    }

    /// Our own uploads, some levels below the root, did or did not change its tag.
    func notePropagation(_ reachesRoot: Bool) async throws {
        switch (try await propagation(), reachesRoot) {
        case (.works, _), (.broken, _), (nil, false): return
        case (.likely, true): try await state.remember(.propagation, Propagation.works.rawValue)
        case (nil, true): try await state.remember(.propagation, Propagation.likely.rawValue)
        // The root's tag may have been stored after these uploads: no proof that it never changes.
        case (.likely, false): try await state.forget(.propagation)
        }
    }

    /// After a view of everything: a collection that kept its tag although something below it changed is asked for
    /// its tag once more, and where it still is the same, tags are not relied on.
    func judgePropagation(_ look: Look) async throws {
        let changed = look.changedFolders
        guard !changed.isEmpty else { return }
        let suspects = look.sameTags.filter { path in changed.contains { $0.isInside(path) } }
        guard let suspect = suspects.min() else {
            if dav.isNextcloud { try await state.forget(.propagation) }
            return
        }
        guard let stored = try await state.collectionETag(suspect) else { return }
        do {
            let now = try await dav.properties(of: suspect, isCollection: true)
            if now.etag?.value == stored { try await giveUpTags(below: suspect) }
        } catch let error as DAVError where error.kind == .notFound {
            // Gone meanwhile: it tells nothing.
        }
    }

    private func giveUpTags(below path: RemotePath) async throws {
        guard try await propagation() != .broken else { return }
        try await state.remember(.propagation, Propagation.broken.rawValue)
        logger.notice(
            "this server does not tell by a folder's tag that something below it changed: it is walked instead",
            metadata: ["path": "\(path)"])
    }
}
