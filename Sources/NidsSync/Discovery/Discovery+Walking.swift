import DAV
import Foundation
import Logging

extension Discovery {
    /// A collection's own listing.
    struct Listing: Sendable {
        var own: Resource
        var collections: [Resource]
        var files: [Resource]
        var evidence = ListingEvidence.whole
        /// The entries that cannot be taken, with the reasons.
        var failures: [FailedEntry] = []
        /// The server's clock.
        var date: Date?
        var collectionPaths: Set<RemotePath> { Set(collections.map(\.path)) }

        func provesAbsence(of path: RemotePath) -> Bool {
            evidence.provesAbsence && !evidence.unknown.contains(path)
        }
    }

    /// Lists a collection and those below it that may have changed; its ETag is stored once all of them are.
    /// - Returns: `true` when everything that may have changed was seen.
    func visit(_ path: RemotePath, trustsETags: Bool, _ look: Look) async throws -> Bool {
        let listing: Listing
        do {
            listing = try await limiter.run { try await list(path) }
        } catch let error as DAVError where !path.isRoot {
            try await dav.requireServer(after: error)
            look.note(path, "not listed, the next look tries again: \(error.detail)")
            logger.warning("folder not listed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
            return false
        }
        try await take(listing, look)
        let known = try await state.read { try $0.collections.children(of: path) }
        for gone in known.keys where !listing.collectionPaths.contains(gone) && listing.provesAbsence(of: gone) {
            try await recorder.end(.nothing(below: gone), in: look)
            try await state.write { try $0.collections.remove(gone) }
        }
        let isComplete = try await visitChildren(of: listing, known: known, trustsETags: trustsETags, look)
        guard isComplete, listing.evidence.isComplete else { return false }
        try await store(listing.own)
        return true
    }

    private func visitChildren(
        of listing: Listing, known: [RemotePath: String?], trustsETags: Bool, _ look: Look
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for child in listing.collections {
                if let etag = child.etag, known[child.path] == etag.value {
                    if trustsETags { continue }
                    look.note(sameETag: child.path)
                }
                if trustsETags, child.path == ResultNames.folder, try await isExplained(child) { continue }
                group.addTask { try await visit(child.path, trustsETags: trustsETags, look) }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
    }

    /// The ETag of a collection of which everything below is stored.
    private func store(_ collection: Resource) async throws {
        try await state.write {
            try $0.collections.store(collection.path, etag: collection.etag, fileID: collection.fileID)
        }
    }

    /// Our own uploads give our folder new ETags; they are no reason to list what we have just written.
    private func isExplained(_ results: Resource) async throws -> Bool {
        guard ownUploads.explainNewETag else { return false }
        try await believe(results)
        return true
    }

    /// Stores our folder's ETag without having looked into it. A person may have been at work there too: that is
    /// looked at before long, in one go for all that we write until then.
    func believe(_ results: Resource) async throws {
        try await store(results)
        if try await state.recall(.unverifiedResults) == nil {
            try await state.remember(.unverifiedResults, String(now().timeIntervalSince1970))
        }
    }

    /// Looks into those of our folders of which the ETags are not the stored ones.
    func verifyResults(_ look: Look) async throws -> Bool {
        if try await state.read({ try $0.collections.children(of: .root) }).keys.contains(ResultNames.folder) {
            guard try await visit(ResultNames.folder, trustsETags: true, look) else { return false }
        }
        try await state.forget(.unverifiedResults)
        return true
    }

    /// Scans that were missed once are missed again, or are there.
    func confirm(_ path: RemotePath, _ look: Look) async throws {
        do {
            let listing = try await list(path)
            try await take(listing, look)
            guard listing.evidence.provesAbsence else { return }
            try await recorder.confirmAbsent(
                below: path, besides: listing.collectionPaths.union(listing.evidence.unknown), in: look)
        } catch let error as DAVError where !path.isRoot {
            try await dav.requireServer(after: error)
            logger.info("folder not confirmed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
        }
    }

    private func take(_ listing: Listing, _ look: Look) async throws {
        let path = listing.own.path
        if path.isRoot { try await requireSameRoot(listing.own) }
        note(listing, look)
        for collection in listing.collections { look.note(collection, isParentMounted: listing.own.isMounted) }
        let scans = listing.files.compactMap(rules.scan)
        let results = path.isInside(ResultNames.folder) ? listing.files : []
        try await recorder.take(scans, results: results, in: look)
        var fresh = FreshScans(learned: listing.date)
        for scan in scans { fresh.note(scan) }
        try await recorder.settle(fresh, after: now())
        try await recorder.end(.children(of: path), listing.evidence, in: look)
    }

    private func note(_ listing: Listing, _ look: Look) {
        let path = listing.own.path
        for failure in listing.failures {
            look.note(failure.path ?? path, "an entry of the listing cannot be taken: \(failure.reason)")
            logger.warning("entry not taken", metadata: ["folder": "\(path)", "reason": "\(failure)"])
        }
        guard listing.own.hasEmptyETag else { return }
        look.note(path, "its storage may be away (the folder's ETag is empty): nothing is inferred from what it lacks")
    }

    func list(_ path: RemotePath) async throws -> Listing {
        var own: Resource?
        var collections: [Resource] = []
        var files: [Resource] = []
        let outcome = try await dav.contents(of: path, depth: .one, adding: .modified) { batch in
            for resource in batch {
                if resource.path == path {
                    own = resource
                } else if resource.path.parent == path {
                    if resource.isCollection { collections.append(resource) } else { files.append(resource) }
                }
            }
        }
        guard own != nil || outcome.failures.contains(where: { $0.path == path }) else {
            throw DAVError(.incomplete, path: path.description, detail: "the listing lacks the folder itself")
        }
        return Listing(
            own: own ?? Resource(path: path), collections: collections, files: files,
            evidence: ListingEvidence(outcome), failures: outcome.failures, date: outcome.date)
    }
}
