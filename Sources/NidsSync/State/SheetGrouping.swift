import DAV
import Foundation
import GRDB

/// Says which scans of a folder make one sheet, within one transaction.
///
/// A recto and a verso of one name are one sheet. Where a side has two candidates, or a scan without a mark lies
/// beside them, each goes alone. Only what arrives regroups; what a model has read together stays together.
struct SheetGrouping {
    /// A scan with the name that the group has in common.
    struct Member {
        var id: Int64
        var sheet: Int64?
        var path: RemotePath
        var side: PageName.Side?
        var firstSeen: Date
        /// Whether it is new at its place.
        var hasArrived: Bool
    }

    private let writer: SheetWriter
    private let models: [String]
    private let pairWait: Duration
    private let place: Statement
    private let hasResults: Bool

    init(_ db: Database, models: [String], pairWait: Duration) throws {
        writer = SheetWriter(db)
        self.models = models
        hasResults = try Int.fetchOne(db, sql: "SELECT 1 FROM result_file LIMIT 1") != nil
        self.pairWait = pairWait
        place = try db.cachedStatement(sql: "UPDATE scan SET sheet_id = ?, note = ?, arrived = 0 WHERE id = ?")
    }

    /// Gives each member its sheet.
    /// - Returns: sheets that a member left.
    func settle(_ group: [Member], folder: RemotePath, base: [UInt8]) throws -> Set<Int64> {
        let before = Set(group.compactMap(\.sheet))
        let members = try group.map { member in
            var member = member
            // A page that moved away from its other one goes on alone.
            if let sheet = member.sheet, member.hasArrived, try writer.hasPages(sheet, besides: group.map(\.id)) {
                member.sheet = nil
            }
            return member
        }
        let unmarked = members.count { $0.side == nil }
        let rectos = members.count { $0.side == .recto }
        let versos = members.count { $0.side == .verso }
        if members.count == 1 || (unmarked == 0 && rectos == 1 && versos == 1) {
            try join(members.sorted { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) }, folder, base)
        } else {
            let reason =
                unmarked > 0
                ? "a scan without a mark has the same name" : "there is more than one scan of the same side"
            try separate(members, folder, rectos + versos > 0 ? reason : nil)
        }
        return before
    }

    /// One sheet of all: one page, or recto and verso.
    private func join(_ members: [Member], _ folder: RemotePath, _ base: [UInt8]) throws {
        guard let first = members.first else { return }
        let isLone = members.count == 1 && first.side != nil
        let stems = try ranked([base, PageName.composed(first.path.name)], folder)
        // Where both have a sheet, the one that was here first has the name.
        let resident = members.first { $0.sheet != nil && !$0.hasArrived }
        guard let sheet = resident?.sheet ?? members.compactMap(\.sheet).first else {
            let made = try writer.make(
                for: first.path, stems: stems, holdUntil: isLone ? first.firstSeen + pairWait.seconds : nil)
            for member in members { try place.execute(arguments: [made, nil, member.id]) }
            return try writer.makeJobs(made, path: first.path, models: models)
        }
        for member in members { try place.execute(arguments: [sheet, nil, member.id]) }
        try writer.rename(sheet, to: first.path, stems: stems)
        if members.contains(where: { $0.hasArrived && $0.sheet == sheet }) { try writer.follow(sheet, to: first.path) }
        if members.contains(where: { $0.sheet != sheet }) {
            try hold(sheet, until: nil)
            try writer.reopen(sheet)
        }
        try writer.makeJobs(sheet, path: first.path, models: models)
    }

    /// Each alone, but what was read together stays together.
    private func separate(_ members: [Member], _ folder: RemotePath, _ reason: String?) throws {
        try freePlainName(members, folder)
        var taken: [Int64: Bool] = [:]
        // A scan without a mark has the first right to the plain name.
        for member in members.sorted(by: { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) }) {
            let note = member.side == nil ? nil : reason.map { "not paired: \($0)" }
            let stems = try ranked(ResultNames.stems(for: member.path), folder)
            guard let sheet = member.sheet, try taken[sheet].map({ _ in try writer.isAnswered(sheet) }) ?? true else {
                let made = try writer.make(for: member.path, stems: stems, holdUntil: nil)
                try place.execute(arguments: [made, note, member.id])
                try writer.makeJobs(made, path: member.path, models: models)
                continue
            }
            try place.execute(arguments: [sheet, taken[sheet] == nil ? note : nil, member.id])
            guard taken.updateValue(true, forKey: sheet) == nil else { continue }
            let wasPaired = members.count { $0.sheet == sheet } > 1
            if member.hasArrived {
                try writer.rename(sheet, to: member.path, stems: stems)
                try writer.follow(sheet, to: member.path)
            } else if member.side != nil, try !writer.isAnswered(sheet) {
                try hold(sheet, until: nil)
                try writer.rename(sheet, to: member.path, stems: stems)
                if wasPaired { try writer.reopen(sheet) }
            }
        }
    }

    /// A lone side that waited under the name of both gives it up for a scan without a mark.
    private func freePlainName(_ members: [Member], _ folder: RemotePath) throws {
        for member in members where member.side != nil && !member.hasArrived {
            guard let sheet = member.sheet, members.count(where: { $0.sheet == sheet }) == 1,
                try !writer.isAnswered(sheet)
            else { continue }
            try writer.rename(sheet, to: member.path, stems: ResultNames.stems(for: member.path))
        }
    }

    /// A result under a name that only one scan can have tells that it once came second: it keeps that name, though
    /// the state was lost and the scan that came first is gone.
    private func ranked(_ stems: [[UInt8]], _ folder: RemotePath) throws -> [[UInt8]] {
        guard hasResults, stems.count > 1 else { return stems }
        let places = models.compactMap { ResultNames.result(folder: folder, model: $0, stem: stems[1]) }
        let isThere = try places.contains { place in
            try Int.fetchOne(
                writer.db, sql: "SELECT 1 FROM result_file WHERE path = ?", arguments: [place.blob]) != nil
        }
        return isThere ? [stems[1], stems[0]] + stems.dropFirst(2) : stems
    }

    private func hold(_ sheet: Int64, until date: Date?) throws {
        try writer.db.execute(
            sql: "UPDATE sheet SET hold_until = ? WHERE id = ?", arguments: [date?.timeIntervalSince1970, sheet])
    }
}
