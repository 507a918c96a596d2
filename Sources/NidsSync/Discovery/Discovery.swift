import DAV
import Foundation
import Logging
import Synchronization

/// Finds what has changed below the root, and stores it.
///
/// Nextcloud renews the tag of every collection above a change: a poll is one request for the root's tag, and only
/// collections whose own tag changed are listed. A plain WebDAV server is walked.
struct Discovery: Sendable {
    /// What a look found out.
    struct Outcome: Sendable {
        /// Whether everything that may have changed was seen; if not, the next look tries again.
        var isComplete = true
        /// Whether anything had to be listed.
        var hasWalked = false
        /// Files of ours that changed or vanished without our doing.
        var changedResults: [RemotePath] = []
        /// Folders that could not be listed, with the reason.
        var problems: [(path: String, reason: String)] = []
    }

    /// Listings under way at once.
    private static let concurrency = 4

    let state: StateStore
    let dav: DAVClient
    let rules: ScanRules
    let models: [String]
    let logger: Logger
    let now: @Sendable () -> Date

    private let limiter = Limiter(Self.concurrency)

    init(
        state: StateStore, dav: DAVClient, rules: ScanRules, models: [String], logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.state = state
        self.dav = dav
        self.rules = rules
        self.models = models
        self.logger = logger
        self.now = now
    }

    /// Looks for changes.
    ///
    /// - Parameter full: whether collections with a known tag are listed too.
    /// - Throws: `DAVError` where the root itself cannot be read or the server as a whole fails.
    func look(full: Bool) async throws -> Outcome {
        let root = try await dav.properties(of: .root, isCollection: true)
        guard root.isCollection else {
            throw DAVError(.notFound, path: dav.collection.description, detail: "it is a file, not a folder")
        }
        let trustsTags = dav.isNextcloud && !full
        if trustsTags, let tag = root.etag, tag.value == (try await state.collectionETag(.root)) {
            return Outcome()
        }
        let walk = Walk()
        let isComplete = try await visit(.root, trustsTags: trustsTags, walk)
        var outcome = walk.outcome
        outcome.isComplete = isComplete
        outcome.hasWalked = true
        return outcome
    }

    /// After our own uploads: stores the root's new tag if nothing but our folder has changed below it.
    func settleRoot() async throws {
        guard dav.isNextcloud else { return }
        let listing = try await list(.root)
        let known = try await state.childCollections(of: .root)
        let isSettled = listing.collections.allSatisfy { child in
            child.path == ResultNames.folder || (child.etag != nil && known[child.path] == child.etag?.value)
        }
        guard isSettled, try await state.knowsScans(listing.files.compactMap(rules.scan), of: .root) else { return }
        try await state.storeCollection(.root, etag: listing.own.etag, fileID: listing.own.fileID)
    }

    private func visit(_ path: RemotePath, trustsTags: Bool, _ walk: Walk) async throws -> Bool {
        let listing: Listing
        do {
            listing = try await limiter.run { try await list(path) }
        } catch let error as DAVError where !error.concernsServer && !path.isRoot {
            walk.note(path, "not listed, the next look tries again: \(error.detail)")
            logger.warning("folder not listed", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
            return false
        }
        try await store(listing, walk)
        let known = try await state.childCollections(of: path)
        let gone = known.keys.filter { !listing.collectionPaths.contains($0) }
        walk.note(changed: try await state.removeCollections(gone))
        let isComplete = try await visitChildren(of: listing, known: known, trustsTags: trustsTags, walk)
        if isComplete { try await state.storeCollection(path, etag: listing.own.etag, fileID: listing.own.fileID) }
        return isComplete
    }

    private func visitChildren(
        of listing: Listing, known: [RemotePath: String?], trustsTags: Bool, _ walk: Walk
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for child in listing.collections {
                if trustsTags, let tag = child.etag, known[child.path] == tag.value { continue }
                group.addTask { try await visit(child.path, trustsTags: trustsTags, walk) }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
    }

    private func store(_ listing: Listing, _ walk: Walk) async throws {
        let path = listing.own.path
        if path.isInside(ResultNames.folder) {
            walk.note(changed: try await state.storeResults(listing.files, of: path))
        } else {
            try await state.storeScans(listing.files.compactMap(rules.scan), of: path, at: now(), models: models)
        }
    }

    private func list(_ path: RemotePath) async throws -> Listing {
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

    private struct Listing: Sendable {
        var own: Resource
        var collections: [Resource]
        var files: [Resource]
        var collectionPaths: Set<RemotePath> { Set(collections.map(\.path)) }
    }

    /// What the branches of one walk find together.
    private final class Walk: Sendable {
        private let state = Mutex(Outcome())
        var outcome: Outcome { state.withLock { $0 } }
        func note(_ path: RemotePath, _ reason: String) {
            state.withLock { $0.problems.append((path.description, reason)) }
        }
        func note(changed: [RemotePath]) { state.withLock { $0.changedResults += changed } }
    }
}
