import DAV
import Foundation

/// Settles what a look found, within one transaction: who moved, who is gone, which scans make a sheet.
struct LookConclusion {
    /// Groups that are settled between two reads of the state.
    private static let batch = 2000

    let tables: StateTables
    let look: Look
    /// Set where everything that may have changed was seen.
    let isComplete: Bool
    let models: [String]
    let pairWait: Duration

    /// Settles it.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func settle() throws {
        var left: Set<Int64> = []
        if !look.startsEmpty {
            left.formUnion(try followMoves())
            for sheet in try tables.scans.acceptReplacements() { try tables.jobs.reopen(sheet) }
            // A scan that is nowhere may have moved to where an incomplete look could not see.
            if isComplete { try tables.scans.countLost(look.absent, counts: look.mayWithdraw) }
            if isComplete, look.mayWithdraw { left.formUnion(try tables.scans.removeMissing()) }
        }
        left.formUnion(try group())
        for sheet in left where try !tables.scans.hasPages(sheet, besides: []) { try tables.jobs.retire(sheet) }
        if look.mayWithdraw { try retireMovedOut() }
    }

    /// A person moved a sheet's scans to where they are left out: its rows are withdrawn, with the reason.
    private func retireMovedOut() throws {
        for (sheet, reason) in try tables.scans.movedOut() where try !tables.scans.hasWorkedPages(sheet) {
            try tables.jobs.retire(sheet, reason: reason)
        }
    }

    /// Moves what is known of a scan with its file id to the row of its new place.
    /// - Returns: sheets that lost a page.
    private func followMoves() throws -> Set<Int64> {
        let moves = try tables.scans.moves()
        try tables.scans.carry(moves)
        // Names of sheets that moved as a whole are free for what lies there now.
        for sheet in Set(moves.compactMap(\.sheet)) { try tables.sheets.freeName(of: sheet) }
        return Set(moves.compactMap(\.displaced))
    }

    /// - Returns: sheets that a scan left.
    private func group() throws -> Set<Int64> {
        let grouping = try SheetGrouping(tables, models: models, pairWait: pairWait)
        var left: Set<Int64> = []
        var last: (folder: Data, base: Data) = (Data(), Data())
        while true {
            // While a view is incomplete, a file that lies at two places may only have moved.
            let members = try tables.scans.arrived(
                after: last, isComplete: isComplete || look.startsEmpty, limit: Self.batch)
            var groups = Self.groups(members)
            // The last group may go on in the next batch.
            if members.count == Self.batch, groups.count > 1 { groups.removeLast() }
            for group in groups {
                guard let first = group.first else { continue }
                left.formUnion(try settle(group, first.folder, first.base, grouping))
                last = (first.folder, first.base)
            }
            if members.count < Self.batch { break }
        }
        try tables.scans.settleLeftOut()
        return left
    }

    private static func groups(_ members: [ScanTable.Member]) -> [[ScanTable.Member]] {
        var groups: [[ScanTable.Member]] = []
        for member in members {
            if let last = groups.last?.first, last.folder == member.folder, last.base == member.base {
                groups[groups.count - 1].append(member)
            } else {
                groups.append([member])
            }
        }
        return groups
    }

    private func settle(
        _ arrived: [ScanTable.Member], _ folder: Data, _ base: Data, _ grouping: SheetGrouping
    ) throws -> Set<Int64> {
        var members = arrived
        if !look.startsEmpty {
            members += try tables.scans.residents(folder: folder, base: base)
            members.sort { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
        }
        return try grouping.settle(members)
    }
}
