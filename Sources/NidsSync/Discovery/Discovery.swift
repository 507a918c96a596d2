import DAV
import Foundation
import Logging

/// Finds what has changed below the root, and stores it.
///
/// Nextcloud renews the ETag of every collection above a change: a poll is one request for the root's ETag, and only
/// collections whose own ETag changed are listed. A server that does not is walked.
struct Discovery: Sendable {
    /// Listings under way at once.
    private static let concurrency = 4
    /// Folders that lack scans of which each is looked at.
    private static let lackedFolders = 20

    let state: StateDatabase
    let dav: DAVClient
    let rules: ScanRules
    let models: [String]
    let pairWait: Duration
    let ownUploads: OwnUploads
    /// The time for which what people do among the results may be overlooked while we write there.
    let verificationInterval: Duration
    let logger: Logger
    let now: @Sendable () -> Date

    let limiter = Limiter(Self.concurrency)

    var recorder: ListingRecorder { ListingRecorder(state: state) }

    /// Looks for changes.
    ///
    /// - Parameters:
    ///   - full: `true` to list collections with a known ETag too.
    ///   - mayWithdraw: `true` to withdraw scans that are gone for good.
    /// - Throws: `DAVError` where the root itself cannot be read or the server as a whole fails, `DatabaseError`.
    func look(full: Bool, mayWithdraw: Bool) async throws -> LookOutcome {
        let root = try await dav.etag(of: .root)
        guard root.isCollection else {
            throw DAVError(.notFound, path: dav.collection.description, detail: "it is a file, not a folder")
        }
        var known = try await knowledge()
        if known.variants != rules.variants.key {
            try await regroup()
            known = try await knowledge()
        }
        let trustsETags = known.propagation == .works && !full
        let owesLook = trustsETags && owesLookAtResults(since: known.unverifiedSince)
        if trustsETags, known.isSettled, !owesLook, let etag = root.etag, etag.value == known.rootETag {
            return LookOutcome()
        }
        let look = try await recorder.begin(at: now(), mayWithdraw: mayWithdraw)
        var isComplete = try await view(look, trustsETags: trustsETags, full: full, known.unconfirmed, owesLook)
        if look.mounts != known.mounts { try await state.remember(.mounts, look.mounts.text) }
        if isComplete, !look.absent.isEmpty { isComplete = try await isProven(look) }
        let (models, pairWait, variants, sawEverything) = (models, pairWait, rules.variants, isComplete)
        try await state.write { tables in
            try LookConclusion(
                tables: tables, look: look, isComplete: sawEverything, models: models, pairWait: pairWait,
                variants: variants
            ).settle()
        }
        look.update {
            $0.isComplete = sawEverything
            $0.hasWalked = true
        }
        return look.outcome
    }

    /// Says whether scans that the look lacked are gone: a storage that is away may lack them too.
    private func isProven(_ look: Look) async throws -> Bool {
        let neighbours = ReadableNeighbours(state: state, dav: dav)
        var isProven = true
        for path in try await state.read({ try $0.neighbours.lackedScans(limit: Self.lackedFolders) }) {
            if try await neighbours.isReadable(near: path) { continue }
            look.note(
                path.parent ?? .root,
                ReadableNeighbours.doubt(path, isMounted: look.mounts.point(of: path) != nil).detail)
            isProven = false
        }
        return isProven
    }

    private func view(
        _ look: Look, trustsETags: Bool, full: Bool, _ unconfirmed: Set<RemotePath>, _ owesLook: Bool
    ) async throws -> Bool {
        let mark = ownUploads.mark
        var isComplete = true
        if trustsETags {
            for path in unconfirmed { try await confirm(path, look) }
            isComplete = try await visit(.root, trustsETags: true, look)
            if owesLook { isComplete = try await verifyResults(look) && isComplete }
        } else {
            let tree = try await listTree(look, asksAgain: full)
            if !tree { isComplete = try await visit(.root, trustsETags: false, look) }
            if isComplete {
                try await state.forget(.unverifiedResults)
                try await judgePropagation(look)
            }
        }
        if isComplete { ownUploads.settle(mark) }
        return isComplete
    }

    /// After our own uploads: stores the root's new ETag if nothing but our folder has changed below it.
    /// - Throws: `DAVError`, `DatabaseError`.
    func settleRoot() async throws {
        let mark = ownUploads.mark
        let (known, knownRoot) = try await state.read { tables in
            (try tables.collections.children(of: .root), try tables.collections.etag(of: .root))
        }
        let listing = try await list(.root)
        try await requireSameRoot(listing.own)
        let others = listing.collections.filter { $0.path != ResultNames.folder }
        let places = Set(others.map(\.path)).union([ResultNames.folder])
        let isSettled =
            listing.evidence.isComplete && places.isSuperset(of: known.keys)
            && others.allSatisfy { $0.etag != nil && known[$0.path] == $0.etag?.value }
        let hadResults = (known[ResultNames.folder] ?? nil) != nil
        if isSettled, hadResults, let knownRoot, let etag = listing.own.etag {
            try await notePropagation(etag.value != knownRoot)
        }
        guard try await propagation() == .works else { return }
        if let results = listing.collections.first(where: { $0.path == ResultNames.folder }) {
            try await believe(results)
        }
        ownUploads.settle(mark)
        let scans = listing.files.compactMap(rules.scan)
        guard isSettled else { return }
        try await state.write { tables in
            guard try tables.scans.knows(scans), try tables.scans.count(in: .root) == scans.count else { return }
            try tables.collections.store(.root, etag: listing.own.etag, fileID: listing.own.fileID)
        }
    }
}
