import DAV
import Foundation
import Logging

extension Discovery {
    /// A collection's own listing.
    struct Listing: Sendable {
        var own: Resource
        var collections: [Resource]
        var files: [Resource]
        var collectionPaths: Set<RemotePath> { Set(collections.map(\.path)) }
    }

    /// Lists a collection and those below it that may have changed; its ETag is stored once all of them are.
    /// - Returns: `true` when everything that may have changed was seen.
    func visit(_ path: RemotePath, trustsETags: Bool, _ look: Look) async throws -> Bool {
        let listing: Listing
        do {
            listing = try await limiter.run { try await list(path) }
        } catch let error as DAVError where !error.concernsServer && !path.isRoot {
            look.note(path, "not listed, the next look tries again: \(error.detail)")
            logger.warning("folder not listed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
            return false
        }
        try await take(listing, look)
        let known = try await state.read { try $0.collections.children(of: path) }
        for gone in known.keys where !listing.collectionPaths.contains(gone) {
            try await recorder.end(.nothing(below: gone), in: look)
            try await state.write { try $0.collections.remove(gone) }
        }
        let isComplete = try await visitChildren(of: listing, known: known, trustsETags: trustsETags, look)
        if isComplete { try await store(listing.own) }
        return isComplete
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
            try await recorder.confirmAbsent(below: path, collections: listing.collectionPaths, in: look)
        } catch let error as DAVError where !error.concernsServer && !path.isRoot {
            logger.info("folder not confirmed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
        }
    }

    private func take(_ listing: Listing, _ look: Look) async throws {
        let path = listing.own.path
        if path.isInside(ResultNames.folder) {
            try await recorder.take([], results: listing.files, in: look)
        } else {
            try await recorder.take(listing.files.compactMap(rules.scan), results: [], in: look)
        }
        try await recorder.end(.children(of: path), in: look)
    }

    func list(_ path: RemotePath) async throws -> Listing {
        var own: Resource?
        var collections: [Resource] = []
        var files: [Resource] = []
        try await dav.list(path, depth: .one) { batch in
            for resource in batch {
                if resource.path == path {
                    own = resource
                } else if resource.path.parent == path {
                    if resource.isCollection { collections.append(resource) } else { files.append(resource) }
                }
            }
        }
        guard let own else {
            throw DAVError(.incomplete, path: path.description, detail: "the listing lacks the folder itself")
        }
        return Listing(own: own, collections: collections, files: files)
    }
}
