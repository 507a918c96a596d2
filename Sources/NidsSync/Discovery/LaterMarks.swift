import DAV
import Foundation

/// Marks of sides that earlier releases did not know pair only scans that nobody has read: what was read alone stays
/// so, until a person asks to have it read anew.
struct LaterMarks {
    typealias Member = ScanTable.Member

    private let tables: StateTables
    private let models: [String]
    private let hasResults: Bool

    /// - Throws: `DatabaseError`.
    init(_ tables: StateTables, models: [String]) throws {
        self.tables = tables
        self.models = models
        hasResults = try !tables.resultFiles.isEmpty()
    }

    /// The members of a group that may be paired. The others lose their mark, and are of another group now.
    /// - Throws: `DatabaseError`.
    func pairable(_ members: [Member]) throws -> [Member] {
        let marked = members.filter { $0.side != nil && Self.name(of: $0).hasLaterMark && !$0.rejoins }
        guard !marked.isEmpty else { return members }
        var alone = try marked.filter(wasReadAlone)
        let answered = try Set(marked.compactMap(\.sheet)).filter(tables.jobs.isAnswered)
        if answered.count > 1 { alone = marked.filter { $0.sheet.map(answered.contains) ?? false } }
        for member in alone {
            try tables.scans.forgetMark(member.id, stem: PageName.composed(PageName.stem(of: member.path.name)))
        }
        let ids = Set(alone.map(\.id))
        return members.filter { !ids.contains($0.id) }
    }

    /// `true` where its result is called after the scan, and not after both sides.
    private func wasReadAlone(_ member: Member) throws -> Bool {
        let stem = PageName.composed(PageName.stem(of: member.path.name))
        if let sheet = member.sheet ?? member.ownSheet {
            return try tables.sheets.name(of: sheet)?.stem == stem && tables.jobs.isAnswered(sheet)
        }
        guard hasResults, let folder = member.path.parent else { return false }
        return try models.contains { model in
            let place = ResultNames.result(folder: folder, model: model, stem: stem)
            return try place.map(tables.resultFiles.exists) ?? false
        }
    }

    private static func name(of member: Member) -> PageName { PageName(stem: PageName.stem(of: member.path.name)) }
}
