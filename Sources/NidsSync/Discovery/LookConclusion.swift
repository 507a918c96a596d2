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
    var variants = VariantFolders([])

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
        try tables.variants.release(left)
        left.formUnion(try group())
        try tables.retireEmpty(left)
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
        let sheets = Set(moves.compactMap(\.sheet))
        for sheet in sheets { try tables.sheets.freeName(of: sheet) }
        try tables.variants.release(sheets)
        return Set(moves.compactMap(\.displaced))
    }

    /// - Returns: sheets that a scan left.
    private func group() throws -> Set<Int64> {
        let grouping = try SheetGrouping(tables, models: models, pairWait: pairWait)
        let preparations = try VariantGrouping(tables, grouping, variants: variants, models: models)
        let marks = try LaterMarks(tables, models: models)
        var left: Set<Int64> = []
        var last: (family: Data, base: Data) = (Data(), Data())
        var goesAlone = false
        while true {
            // While a view is incomplete, a file that lies at two places may only have moved.
            let members = try tables.scans.arrived(
                after: last, isComplete: isComplete || look.startsEmpty, limit: Self.batch)
            var groups = Self.groups(members)
            // The last group may go on in the next batch.
            if members.count == Self.batch, groups.count > 1 { groups.removeLast() }
            for group in groups {
                guard let first = group.first else { continue }
                let all = try withResidents(group)
                let members = try marks.pairable(all)
                goesAlone = goesAlone || members.count < all.count
                left.formUnion(
                    VariantGrouping.concerns(members)
                        ? try preparations.settle(members) : members.isEmpty ? [] : try grouping.settle(members))
                last = (first.family, first.base)
            }
            if members.count < Self.batch {
                guard goesAlone else { break }
                // Those that go alone have names of their own, which may stand before the last one.
                (last, goesAlone) = ((Data(), Data()), false)
            }
        }
        try tables.scans.settleLeftOut()
        return left
    }

    private static func groups(_ members: [ScanTable.Member]) -> [[ScanTable.Member]] {
        var groups: [[ScanTable.Member]] = []
        for member in members {
            if let last = groups.last?.first, last.family == member.family, last.base == member.base {
                groups[groups.count - 1].append(member)
            } else {
                groups.append([member])
            }
        }
        return groups
    }

    /// With the scans of that name that were there before, in the order in which they came.
    private func withResidents(_ arrived: [ScanTable.Member]) throws -> [ScanTable.Member] {
        guard !look.startsEmpty, let first = arrived.first else { return arrived }
        let members = arrived + (try tables.scans.residents(family: first.family, base: first.base))
        return members.sorted { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
    }
}
