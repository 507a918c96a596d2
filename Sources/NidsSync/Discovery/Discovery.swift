import DAV
import Foundation
import Logging

/// Finds what has changed below the root, and stores it.
///
/// Nextcloud renews the tag of every collection above a change: a poll is one request for the root's tag, and only
/// collections whose own tag changed are listed. A server that does not is walked.
struct Discovery: Sendable {
    /// Listings under way at once.
    private static let concurrency = 4

    let state: StateStore
    let dav: DAVClient
    let rules: ScanRules
    let models: [String]
    let pairWait: Duration
    let ownUploads: OwnUploads
    /// How long what people do among the results may be overlooked while we write there.
    let verificationInterval: Duration
    let logger: Logger
    let now: @Sendable () -> Date

    let limiter = Limiter(Self.concurrency)

    /// Looks for changes.
    ///
    /// - Parameters:
    ///   - full: whether collections with a known tag are listed too.
    ///   - mayWithdraw: whether scans that are gone for good are withdrawn.
    /// - Throws: `DAVError` where the root itself cannot be read or the server as a whole fails.
    func look(full: Bool, mayWithdraw: Bool) async throws -> LookOutcome {
        let root = try await dav.tag(of: .root)
        guard root.isCollection else {
            throw DAVError(.notFound, path: dav.collection.description, detail: "it is a file, not a folder")
        }
        let trustsTags = try await propagation() == .works && !full
        let unconfirmed = try await state.collectionsToConfirm()
        let owesLook = trustsTags ? try await owesLookAtResults() : false
        let isSettled = try await !state.hasUnsettledScans()
        if trustsTags, unconfirmed.isEmpty, isSettled, !owesLook, let tag = root.etag,
            tag.value == (try await state.collectionETag(.root))
        {
            return LookOutcome()
        }
        let look = try await state.beginLook(at: now(), mayWithdraw: mayWithdraw)
        let isComplete = try await view(look, trustsTags: trustsTags, full: full, unconfirmed, owesLook: owesLook)
        try await state.conclude(
            look,
            LookConclusion(isComplete: isComplete, models: models, pairWait: pairWait))
        look.update {
            $0.isComplete = isComplete
            $0.hasWalked = true
        }
        return look.outcome
    }

    private func view(
        _ look: Look, trustsTags: Bool, full: Bool, _ unconfirmed: Set<RemotePath>, owesLook: Bool
    ) async throws -> Bool {
        let mark = ownUploads.mark
        var isComplete = true
        if trustsTags {
            for path in unconfirmed { try await confirm(path, look) }
            isComplete = try await visit(.root, trustsTags: true, look)
            if owesLook { isComplete = try await verifyResults(look) && isComplete }
        } else {
            let tree = try await listTree(look, asksAgain: full)
            if !tree { isComplete = try await visit(.root, trustsTags: false, look) }
            if isComplete {
                try await state.forget(.unverifiedResults)
                try await judgePropagation(look)
            }
        }
        if isComplete { ownUploads.settle(mark) }
        return isComplete
    }

    /// After our own uploads: stores the root's new tag if nothing but our folder has changed below it.
    func settleRoot() async throws {
        let mark = ownUploads.mark
        let known = try await state.childCollections(of: .root)
        let knownRoot = try await state.collectionETag(.root)
        let listing = try await list(.root)
        let others = listing.collections.filter { $0.path != ResultNames.folder }
        let isSettled = others.allSatisfy { $0.etag != nil && known[$0.path] == $0.etag?.value }
        let hadResults = (known[ResultNames.folder] ?? nil) != nil
        if isSettled, hadResults, let knownRoot, let tag = listing.own.etag {
            try await notePropagation(tag.value != knownRoot)
        }
        guard try await propagation() == .works else { return }
        if let results = listing.collections.first(where: { $0.path == ResultNames.folder }) {
            try await believe(results)
        }
        ownUploads.settle(mark)
        guard isSettled, try await state.knowsScans(listing.files.compactMap(rules.scan), of: .root) else { return }
        try await state.storeCollection(.root, etag: listing.own.etag, fileID: listing.own.fileID)
    }
}
