import DAV
import Foundation

/// Says which of several preparations of a sheet is read, within one transaction. The others stand by: they have no
/// sheet of their own, and what was read of them before is kept.
struct VariantGrouping {
    typealias Member = ScanTable.Member

    let tables: StateTables
    let grouping: SheetGrouping
    let variants: VariantFolders
    let models: [String]
    private let naming: SheetNaming
    private let hasResults: Bool

    /// - Throws: `DatabaseError`.
    init(_ tables: StateTables, _ grouping: SheetGrouping, variants: VariantFolders, models: [String]) throws {
        self.tables = tables
        self.grouping = grouping
        self.variants = variants
        self.models = models
        naming = SheetNaming(tables: tables)
        hasResults = try !tables.resultFiles.isEmpty()
    }

    /// `true` where scans of one name may be several preparations, or were.
    static func concerns(_ members: [Member]) -> Bool {
        members.contains { $0.family != $0.folder || $0.variantOf != nil || $0.ownSheet != nil }
    }

    /// Gives each member its sheet, or has it stand by.
    /// - Returns: sheets that a member left.
    /// - Throws: `DatabaseError`.
    func settle(_ members: [Member]) throws -> Set<Int64> {
        guard let first = members.first else { return [] }
        // One that may only have moved here has to wait, and the others with it.
        if try tables.scans.hasArrived(family: first.family, base: first.base, besides: members.map(\.id)) { return [] }
        var left: Set<Int64> = []
        for sheet in sheets(members) { left.formUnion(try settle(sheet)) }
        return left
    }

    /// The preparations of one sheet each: folders that differ in one of the names alone, or are linked by others that do.
    private func sheets(_ members: [Member]) -> [[Preparation]] {
        let byFolder = Dictionary(grouping: members) { $0.folder }
        let preparations = byFolder.values.map { Preparation($0, variants) }.sorted { $0.folder < $1.folder }
        var sheets: [[Preparation]] = []
        for one in preparations {
            func isBeside(_ others: [Preparation]) -> Bool {
                others.contains { other in
                    guard let place = one.place, let there = other.place else { return false }
                    return place.isVariant(of: there)
                }
            }
            let linked = sheets.filter(isBeside)
            sheets.removeAll(where: isBeside)
            sheets.append(linked.flatMap(\.self) + [one])
        }
        return sheets
    }

    private func settle(_ sheet: [Preparation]) throws -> Set<Int64> {
        if let crowded = sheet.first(where: { !$0.isOneSheet }) {
            let note =
                sheet.count > 1
                ? "not taken for another preparation of a sheet: \(crowded.folder) has more than one scan of that name"
                : nil
            return try sheet.reduce(into: []) { left, one in
                left.formUnion(try read(one, instead: nil, isNewContent: false, note: note))
            }
        }
        guard let choice = try VariantChoice(sheet, tables, hasResult: hasResult) else { return [] }
        var left = Set(sheet.compactMap(\.sheet))
        if let heirOf = choice.heirOf {
            try inherit(heirOf, choice.read)
        } else {
            left.formUnion(
                try read(choice.read, instead: choice.predecessor, isNewContent: choice.isNewContent, note: nil))
        }
        guard let chosen = try choice.read.members.first.flatMap({ try tables.scans.sheet(of: $0.id) }) else {
            return left
        }
        for other in sheet where other.folder != choice.read.folder { try standBy(other, of: chosen) }
        return left
    }

    /// - Parameter old: the sheet that was read so far in its place.
    private func read(
        _ one: Preparation, instead old: Int64?, isNewContent: Bool, note: String?
    ) throws -> Set<Int64> {
        let members = one.members.map { member in
            var member = member
            member.sheet = member.sheet ?? member.ownSheet
            return member
        }
        var left = try grouping.settle(members, note: note)
        for sheet in Set(try members.compactMap { try tables.scans.sheet(of: $0.id) }) {
            try tables.variants.setVariant(sheet, of: nil)
            let stoodBy = one.members.contains { $0.sheet == nil && $0.ownSheet == sheet }
            guard stoodBy || old != nil else { continue }
            if let old, old != sheet {
                try tables.variants.handOver(from: old, to: sheet)
                left.insert(old)
            }
            guard let path = one.members.min(by: { ($0.side?.rawValue ?? 0) < ($1.side?.rawValue ?? 0) })?.path else {
                continue
            }
            try grouping.follow(sheet, to: path)
            if isNewContent { try tables.jobs.reopen(sheet) }
        }
        return left
    }

    /// The scans are gone of a sheet whose result a person wrote, edited or deleted: that stays where it is, and nothing
    /// is asked in its stead. The rows follow to the scans that are there.
    private func inherit(_ sheet: Int64, _ one: Preparation) throws {
        try tables.variants.leave(sheet, comesBack: false)
        for member in one.members { try tables.scans.place(member.id, in: sheet, note: nil) }
        if let own = one.knownSheet, own != sheet { try tables.variants.setVariant(own, of: sheet) }
        guard let path = one.members.first?.path else { return }
        try tables.jobs.make(sheet, path: path, models: models)
        try tables.jobs.inheritPersons(sheet)
    }

    private func standBy(_ one: Preparation, of sheet: Int64) throws {
        var own = one.knownSheet
        if own == nil, let path = one.members.first?.path {
            let read = try modelsWithResult(one)
            if !read.isEmpty {
                let made = try naming.make(for: path, stems: one.stems, holdUntil: nil)
                try tables.jobs.make(made, path: path, models: read)
                own = made
            }
        }
        for member in one.members { try tables.scans.standBy(member.id, of: sheet, own: own) }
        if let own { try tables.variants.setVariant(own, of: sheet) }
    }

    private func hasResult(_ one: Preparation) throws -> Bool { try !modelsWithResult(one).isEmpty }

    private func modelsWithResult(_ one: Preparation) throws -> [String] {
        guard hasResults, let stem = one.stems.first else { return [] }
        return try models.filter { model in
            let place = ResultNames.result(folder: one.folder, model: model, stem: stem)
            return try place.map(tables.resultFiles.exists) ?? false
        }
    }
}

extension VariantGrouping {
    /// A person wrote the result of a preparation that stands by: the choice is made anew.
    /// - Throws: `DatabaseError`.
    static func chooseAnew(
        beside sheet: Int64, _ tables: StateTables, variants: VariantFolders, models: [String], pairWait: Duration
    ) throws {
        let members = try tables.variants.members(beside: sheet)
        guard !members.isEmpty else { return }
        let grouping = try SheetGrouping(tables, models: models, pairWait: pairWait)
        let left = try VariantGrouping(tables, grouping, variants: variants, models: models).settle(members)
        try tables.retireEmpty(left)
    }
}
