import DAV
import Foundation

/// Stores scans and results as listings name them. What they mean is settled at the look's end.
struct ListingRecorder: Sendable {
    let state: StateDatabase

    /// Begins a look.
    /// - Throws: `DatabaseError`.
    func begin(at now: Date, mayWithdraw: Bool) async throws -> Look {
        try await state.write { tables in
            let number = (try tables.memory.recall(.look).flatMap { Int($0) } ?? 0) + 1
            try tables.memory.remember(.look, "\(number)")
            return Look(
                number: number, startsEmpty: try tables.scans.isEmpty(), began: now, mayWithdraw: mayWithdraw,
                mounts: MountPoints(remembered: try tables.memory.recall(.mounts)))
        }
    }

    /// Stores what a part of a listing names.
    /// - Throws: `DatabaseError`.
    func take(_ scans: [FoundScan], results: [Resource], in look: Look) async throws {
        guard !scans.isEmpty || !results.isEmpty else { return }
        try await state.write { tables in
            for scan in scans { try Self.take(scan, in: look, tables) }
            for file in results { try tables.resultFiles.store(file, look: look.number) }
        }
    }

    /// These scans were listed so soon after their last modification that another write may leave the same ETag: they are
    /// read a moment later, by our clock.
    /// - Throws: `DatabaseError`.
    func settle(_ fresh: FreshScans, after listing: Date) async throws {
        let scans = fresh.scans
        guard !scans.isEmpty else { return }
        try await state.write { tables in
            for scan in scans { try tables.scans.settle(scan.path, at: listing.addingTimeInterval(scan.wait)) }
        }
    }

    /// A new scan waits for its sheet until the look's end, a changed one is looked at again.
    private static func take(_ scan: FoundScan, in look: Look, _ tables: StateTables) throws {
        if !look.startsEmpty, let known = try tables.scans.known(at: scan.resource.path) {
            return try take(scan, known, in: look, tables)
        }
        look.see(try tables.scans.add(scan, firstSeen: look.began))
        look.noteChange(in: scan.resource.path.parent ?? .root)
    }

    private static func take(
        _ scan: FoundScan, _ known: ScanTable.Known, in look: Look, _ tables: StateTables
    ) throws {
        look.see(known.id)
        let etag = scan.resource.etag?.value
        let isResized = known.length != nil && scan.resource.length != nil && known.length != scan.resource.length
        let hasNewETag = etag == nil || etag != known.etag || isResized
        if !hasNewETag, known.missing == 0, known.leftOut == scan.leftOut, known.fileID == scan.resource.fileID {
            return
        }
        // A file of another id took this one's place: whether the first one lies elsewhere shows at the look's end.
        let isAnother = known.fileID != nil && scan.resource.fileID != nil && known.fileID != scan.resource.fileID
        let isBack = known.missing > 1 && scan.isAmongVariants
        let needsSheet = scan.leftOut == nil && (known.sheet == nil || known.leftOut != nil || isBack)
        try tables.scans.update(
            known.id, scan, arrives: isAnother || needsSheet, isAnother: isAnother, isChanged: hasNewETag)
        // Another preparation of its sheet may be read.
        if scan.leftOut != nil, let sheet = known.sheet { try tables.variants.release([sheet]) }
        if known.missing > 0 || (etag != nil && known.etag != nil && etag != known.etag) {
            look.noteChange(in: scan.resource.path.parent ?? .root)
        }
        guard scan.leftOut == nil, !isAnother, let sheet = known.sheet else { return }
        if hasNewETag || known.leftOut != nil || known.missing > 1 { try tables.jobs.reopen(sheet) }
    }

    /// A listing ended: scans that it lacks have been missed, results that it lacks are gone.
    ///
    /// - Parameter evidence: what may be inferred from what it lacks.
    /// - Throws: `DatabaseError`.
    func end(_ reach: ListingReach, _ evidence: ListingEvidence = .whole, in look: Look) async throws {
        try await state.write { tables in
            for path in evidence.unknown {
                if let scan = try tables.scans.known(at: path) { look.see(scan.id) }
                try tables.resultFiles.touch(path, look: look.number)
            }
            if evidence.provesAbsence {
                if !look.startsEmpty {
                    try Self.miss(try tables.scans.unseen(reach, isSeen: look.hasSeen), in: look, tables)
                }
                try tables.resultFiles.removeUnseen(reach, look: look.number)
            }
            let changed = try tables.resultFiles.changedPublications(
                reach, seenIn: evidence.provesAbsence ? nil : look.number)
            for path in changed { try tables.publications.mark(path, isChanged: true) }
            look.note(changedResults: changed)
        }
    }

    /// A listing of a collection names these collections in it, or may have some of them: scans below others are still
    /// gone.
    /// - Throws: `DatabaseError`.
    func confirmAbsent(below path: RemotePath, besides collections: Set<RemotePath>, in look: Look) async throws {
        try await state.write { tables in
            let gone = try tables.scans.missed(outside: path).filter { scan in
                guard let inside = scan.path.relative(to: path), let name = inside.segments.first,
                    let child = path.appending(name)
                else { return false }
                return !collections.contains(child)
            }
            try Self.miss(gone.map(\.id), in: look, tables)
        }
    }

    private static func miss(_ scans: [Int64], in look: Look, _ tables: StateTables) throws {
        for id in look.countAbsent(scans) {
            if let folder = try tables.scans.miss(id) { look.noteChange(in: folder) }
        }
    }
}
