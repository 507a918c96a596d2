import DAV
import Foundation

/// Says which scans of a folder make one sheet, within one transaction.
///
/// A recto and a verso of one name are one sheet. Where a side has two candidates, or a scan without a mark lies
/// beside them, each goes alone. Only what arrives regroups; what a model has read together stays together.
struct SheetGrouping {
    typealias Member = ScanTable.Member

    private let tables: StateTables
    private let naming: SheetNaming
    private let models: [String]
    private let pairWait: Duration
    private let hasResults: Bool

    /// - Throws: `DatabaseError`.
    init(_ tables: StateTables, models: [String], pairWait: Duration) throws {
        self.tables = tables
        naming = SheetNaming(tables: tables)
        self.models = models
        self.pairWait = pairWait
        hasResults = try !tables.resultFiles.isEmpty()
    }

    /// Gives each member its sheet.
    ///
    /// - Parameter note: the reason why another folder's scans of that name are other sheets.
    /// - Returns: sheets that a member left.
    /// - Throws: `DatabaseError`.
    func settle(_ group: [Member], note: String? = nil) throws -> Set<Int64> {
        let folder = group.first?.path.parent ?? .root
        let base = Array(group.first?.base ?? Data())
        let before = Set(group.compactMap(\.sheet))
        let members = try group.map { member in
            var member = member
            // A page that moved away from its other one goes on alone.
            if let sheet = member.sheet, member.hasArrived, try tables.scans.hasPages(sheet, besides: group.map(\.id)) {
                member.sheet = nil
            }
            return member
        }
        if Self.isOneSheet(members) {
            try join(members.sorted { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) }, folder, base, note)
        } else {
            let reason =
                members.contains { $0.side == nil }
                ? "a scan without a mark has the same name" : "there is more than one scan of the same side"
            let hasSides = members.contains { $0.side != nil }
            try separate(members, folder, hasSides ? reason : nil, note)
        }
        return before
    }

    /// `true` for one page, or a recto and a verso.
    static func isOneSheet(_ members: [Member]) -> Bool {
        let sides = members.map { $0.side?.rawValue ?? 0 }.sorted()
        return sides.count == 1 || sides == [PageName.Side.recto.rawValue, PageName.Side.verso.rawValue]
    }

    /// One sheet of all: one page, or recto and verso.
    private func join(_ members: [Member], _ folder: RemotePath, _ base: [UInt8], _ note: String?) throws {
        guard let first = members.first else { return }
        let isLone = members.count == 1 && first.side != nil
        let stems = try ranked([base, PageName.composed(first.path.name)], folder)
        // Where both have a sheet, the one that was here first has the name.
        let resident = members.first { $0.sheet != nil && !$0.hasArrived }
        guard let sheet = resident?.sheet ?? members.compactMap(\.sheet).first else {
            let made = try naming.make(
                for: first.path, stems: stems, holdUntil: isLone ? first.firstSeen + pairWait.seconds : nil)
            for member in members { try tables.scans.place(member.id, in: made, note: note) }
            return try tables.jobs.make(made, path: first.path, models: models)
        }
        for member in members { try tables.scans.place(member.id, in: sheet, note: note) }
        try naming.rename(sheet, to: first.path, stems: stems)
        if members.contains(where: { $0.hasArrived && $0.sheet == sheet }) { try follow(sheet, to: first.path) }
        if members.contains(where: { $0.sheet != sheet }) {
            try tables.sheets.hold(sheet, until: nil)
            try tables.jobs.reopen(sheet)
        }
        try tables.jobs.make(sheet, path: first.path, models: models)
    }

    /// Each alone, but what was read together stays together.
    private func separate(_ members: [Member], _ folder: RemotePath, _ reason: String?, _ other: String?) throws {
        try freePlainName(members, folder)
        var taken: [Int64: Bool] = [:]
        // A scan without a mark has the first right to the plain name.
        for member in members.sorted(by: { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) }) {
            let note = member.side == nil ? other : reason.map { "not paired: \($0)" }
            let stems = try ranked(ResultNames.stems(for: member.path), folder)
            guard let sheet = member.sheet, try taken[sheet].map({ _ in try tables.jobs.isAnswered(sheet) }) ?? true
            else {
                let made = try naming.make(for: member.path, stems: stems, holdUntil: nil)
                try tables.scans.place(member.id, in: made, note: note)
                try tables.jobs.make(made, path: member.path, models: models)
                continue
            }
            try tables.scans.place(member.id, in: sheet, note: taken[sheet] == nil ? note : nil)
            guard taken.updateValue(true, forKey: sheet) == nil else { continue }
            let wasPaired = members.count { $0.sheet == sheet } > 1
            if member.hasArrived {
                try naming.rename(sheet, to: member.path, stems: stems)
                try follow(sheet, to: member.path)
            } else if member.side != nil, try !tables.jobs.isAnswered(sheet) {
                try tables.sheets.hold(sheet, until: nil)
                try naming.rename(sheet, to: member.path, stems: stems)
                if wasPaired { try tables.jobs.reopen(sheet) }
            }
        }
    }

    /// A lone side that waited under the name of both gives it up for a scan without a mark.
    private func freePlainName(_ members: [Member], _ folder: RemotePath) throws {
        for member in members where member.side != nil && !member.hasArrived {
            guard let sheet = member.sheet, members.count(where: { $0.sheet == sheet }) == 1,
                try !tables.jobs.isAnswered(sheet)
            else { continue }
            try naming.rename(sheet, to: member.path, stems: ResultNames.stems(for: member.path))
        }
    }

    private func ranked(_ stems: [[UInt8]], _ folder: RemotePath) throws -> [[UInt8]] {
        hasResults ? try naming.ranked(stems, folder, models: models) : stems
    }

    /// Its scans lie elsewhere now: results and rows follow.
    func follow(_ sheet: Int64, to path: RemotePath) throws {
        try tables.jobs.follow(sheet, promptKind: PromptKindRule.kind(of: path))
        // A scan may have been replaced and moved at once: what is not known to be the content is looked at.
        if try !tables.scans.isContentKnown(of: sheet) { try tables.jobs.reopen(sheet) }
    }
}
