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

    /// Lists a collection and those below it that may have changed; its tag is stored once all of them are.
    /// - Returns: whether everything that may have changed was seen.
    func visit(_ path: RemotePath, trustsTags: Bool, _ look: Look) async throws -> Bool {
        let listing: Listing
        do {
            listing = try await limiter.run { try await list(path) }
        } catch let error as DAVError where !error.concernsServer && !path.isRoot {
            look.note(path, "not listed, the next look tries again: \(error.detail)")
            logger.warning("folder not listed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
            return false
        }
        try await take(listing, look)
        let known = try await state.childCollections(of: path)
        for gone in known.keys where !listing.collectionPaths.contains(gone) {
            try await state.endListing(.nothing(below: gone), in: look)
            try await state.removeCollection(gone)
        }
        let isComplete = try await visitChildren(of: listing, known: known, trustsTags: trustsTags, look)
        if isComplete { try await state.storeCollection(path, etag: listing.own.etag, fileID: listing.own.fileID) }
        return isComplete
    }

    private func visitChildren(
        of listing: Listing, known: [RemotePath: String?], trustsTags: Bool, _ look: Look
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for child in listing.collections {
                if let tag = child.etag, known[child.path] == tag.value {
                    if trustsTags { continue }
                    look.note(sameTag: child.path)
                }
                if trustsTags, child.path == ResultNames.folder, try await isExplained(child) { continue }
                group.addTask { try await visit(child.path, trustsTags: trustsTags, look) }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
    }

    /// Our own uploads give our folder new tags; they are no reason to list what we have just written.
    private func isExplained(_ results: Resource) async throws -> Bool {
        guard ownUploads.explainNewTag else { return false }
        try await believe(results)
        return true
    }

    /// Stores our folder's tag without having looked into it. A person may have been at work there too: that is
    /// looked at before long, in one go for all that we write until then.
    func believe(_ results: Resource) async throws {
        try await state.storeCollection(results.path, etag: results.etag, fileID: results.fileID)
        if try await state.recall(.unverifiedResults) == nil {
            try await state.remember(.unverifiedResults, String(now().timeIntervalSince1970))
        }
    }

    /// Whether it is time to look for what people did among the results while we wrote there.
    func owesLookAtResults() async throws -> Bool {
        guard let since = try await state.recall(.unverifiedResults).flatMap(Double.init) else { return false }
        let passed = now().timeIntervalSince1970 - since
        return passed < 0 || passed >= verificationInterval.seconds
    }

    /// Looks into those of our folders of which the tags are not the stored ones.
    func verifyResults(_ look: Look) async throws -> Bool {
        if try await state.childCollections(of: .root).keys.contains(ResultNames.folder) {
            guard try await visit(ResultNames.folder, trustsTags: true, look) else { return false }
        }
        try await state.forget(.unverifiedResults)
        return true
    }

    /// Scans that were missed once are missed again, or are there.
    func confirm(_ path: RemotePath, _ look: Look) async throws {
        do {
            let listing = try await list(path)
            try await take(listing, look)
            try await state.confirmAbsent(below: path, collections: listing.collectionPaths, in: look)
        } catch let error as DAVError where !error.concernsServer && !path.isRoot {
            logger.info("folder not confirmed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
        }
    }

    private func take(_ listing: Listing, _ look: Look) async throws {
        let path = listing.own.path
        if path.isInside(ResultNames.folder) {
            try await state.take([], results: listing.files, in: look)
        } else {
            try await state.take(listing.files.compactMap(rules.scan), results: [], in: look)
        }
        try await state.endListing(.children(of: path), in: look)
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
