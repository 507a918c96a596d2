import DAV
import Foundation
import Logging

extension Discovery {
    /// Views everything with one streamed `Depth: infinity`.
    ///
    /// - Parameter asksAgain: `true` to ask a server again that refused it.
    /// - Returns: `false` where the server refuses it, fails or stops early: then everything is walked.
    func listTree(_ look: Look, asksAgain: Bool) async throws -> Bool {
        if !asksAgain, try await state.recall(.treeRefused) == "\(dav.collection)" { return false }
        var collections = TreeCollections()
        var fresh = FreshScans(learned: nil)
        do {
            let outcome = try await dav.contents(
                of: .root, depth: .infinity, adding: .modified, begin: { fresh = FreshScans(learned: $0) }
            ) { batch in
                var scans: [FoundScan] = []
                var results: [Resource] = []
                for resource in batch {
                    if resource.path.isRoot { try await requireSameRoot(resource) }
                    collections.note(resource)
                    if resource.isCollection {
                        look.note(resource, isParentMounted: collections.isParentMounted(of: resource))
                        continue
                    }
                    if resource.path.isInside(ResultNames.folder) { results.append(resource) }
                    if let scan = rules.scan(resource) {
                        scans.append(scan)
                        fresh.note(scan)
                    }
                }
                try await recorder.take(scans, results: results, in: look)
            }
            try await recorder.settle(fresh, after: now())
            // What fails in it, and what may be away, is told folder by folder.
            if let failure = outcome.failures.first {
                throw DAVError(.incomplete, path: "", detail: "\(failure)")
            }
            if let away = outcome.collectionsWithEmptyETag.first {
                throw DAVError(.incomplete, path: "", detail: "\(away): its storage may be away")
            }
            guard collections.hasRoot else {
                throw DAVError(.incomplete, path: "", detail: "the listing lacks the folder itself")
            }
            guard collections.isDeep else {
                throw DAVError(.incomplete, path: "", detail: "the server may have listed one level only")
            }
        } catch let error as DAVError {
            try await dav.requireServer(after: error)
            if error.refusesDepth { try await state.remember(.treeRefused, "\(dav.collection)") }
            logger.info("no listing in one piece: folder by folder", metadata: ["reason": "\(error.detail)"])
            return false
        }
        try await recorder.end(.everything, in: look)
        let found = collections.found
        try await state.write { tables in
            for collection in found where !look.changedFolders.isEmpty {
                guard let etag = collection.etag, etag == (try tables.collections.etag(of: collection.path)) else {
                    continue
                }
                look.note(sameETag: collection.path)
            }
            try tables.collections.replace(with: found)
        }
        return true
    }
}

/// The collections of a tree, as its listing names them.
private struct TreeCollections {
    private var byPath: [RemotePath: FoundCollection] = [:]
    private var late: Set<RemotePath> = []
    private var lastParent: RemotePath?

    private var hasGrandchildren = false
    private var mounted: Set<RemotePath> = []

    func isParentMounted(of resource: Resource) -> Bool { resource.path.parent.map(mounted.contains) ?? false }

    var hasRoot: Bool { byPath[.root] != nil }

    /// Set where it shows more than one level, or there is no more: sabre/dav answers as if `Depth: 1` had been asked
    /// where unlimited listings are switched off.
    var isDeep: Bool { hasGrandchildren || byPath.count < 2 }

    /// An ETag that came after a part of its collection's contents may be newer than these: it is not believed.
    mutating func note(_ resource: Resource) {
        if let parent = resource.path.parent, parent != lastParent {
            lastParent = parent
            if !parent.isRoot { hasGrandchildren = true }
            if byPath[parent] == nil { late.insert(parent) }
        }
        if resource.isCollection {
            if resource.isMounted { mounted.insert(resource.path) }
            byPath[resource.path] = FoundCollection(
                path: resource.path, etag: resource.etag?.value, fileID: resource.fileID)
        }
    }

    var found: [FoundCollection] {
        if late.isEmpty { return Array(byPath.values) }
        return byPath.values.map { collection in
            let isLate = late.contains { $0.isInside(collection.path) }
            return isLate ? FoundCollection(path: collection.path, etag: nil, fileID: collection.fileID) : collection
        }
    }
}

extension DAVError {
    /// Set where the server does not list without a limit (RFC 4918, section 9.1: 403 `propfind-finite-depth`; others
    /// answer otherwise).
    fileprivate var refusesDepth: Bool {
        switch kind {
        case .forbidden, .preconditionFailed, .rejected, .notAllowed: true
        case .serverFailure: status == 501
        default: false
        }
    }
}
