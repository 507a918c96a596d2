import DAV

/// The choice among the preparations of one sheet.
///
/// A person's result comes first; what was read is read on, unless a better preparation has come since; and where
/// nothing is known yet, the first that has been read before, else the first that is whole.
struct VariantChoice {
    /// The preparation that is read.
    var read: Preparation
    /// The sheet that was read so far, where it is another: its readings are this one's now.
    var predecessor: Int64?
    /// Set where this preparation is to be looked at although another one has been read.
    var isNewContent = false
    /// The sheet whose scans are gone and whose result a person wrote or deleted: it stays, and has these scans now.
    var heirOf: Int64?

    /// - Parameters:
    ///   - preparations: one at least.
    ///   - hasResult: `true` where a result lies at the place of a preparation that has no sheet.
    /// - Throws: `DatabaseError`.
    init?(
        _ preparations: [Preparation], _ tables: StateTables, hasResult: (Preparation) throws -> Bool
    ) throws {
        let table = tables.variants
        let current = Self.current(preparations)
        let gone = try Self.gone(preparations, tables)
        let readSoFar = current?.sheet ?? gone
        func best(_ some: [Preparation]) -> Preparation? { some.min { $0.precedes($1) } }
        func isRead(_ one: Preparation) throws -> Bool {
            if let sheet = one.knownSheet { return try tables.jobs.isAnswered(sheet) }
            return try hasResult(one)
        }

        let theirs = try preparations.filter { try $0.knownSheet.map(table.hasTheirs) ?? false }
        if !theirs.isEmpty {
            let kept = theirs.first { $0.sheet != nil && $0.sheet == current?.sheet }
            guard let chosen = kept ?? best(theirs) else { return nil }
            read = chosen
            predecessor = readSoFar == chosen.knownSheet ? nil : readSoFar
            return
        }
        if let gone, try table.isPersons(gone) {
            guard let chosen = best(preparations) else { return nil }
            read = chosen
            heirOf = gone
            return
        }
        if let current, let sheet = current.sheet, try isRead(current) {
            let news = preparations.filter { $0.knownSheet != sheet && !$0.stoodBy(for: sheet) && $0.precedes(current) }
            guard try !table.isPersons(sheet), let better = best(news) else {
                read = current
                return
            }
            read = better
            predecessor = sheet
            isNewContent = true
            return
        }
        let known = try preparations.filter(isRead)
        guard let chosen = best(known.isEmpty ? preparations : known) else { return nil }
        read = chosen
        predecessor = readSoFar == chosen.knownSheet ? nil : readSoFar
        isNewContent = predecessor != nil
    }

    /// The preparation that has been read so far: the one in whose place others stand by, or the only one known.
    private static func current(_ preparations: [Preparation]) -> Preparation? {
        let leading = Set(preparations.compactMap(\.variantOf))
        let read = preparations.filter { $0.sheet != nil }
        return read.first { $0.sheet.map(leading.contains) ?? false } ?? (read.count == 1 ? read.first : nil)
    }

    /// The sheet that was read so far, of which no scan is there any more.
    private static func gone(_ preparations: [Preparation], _ tables: StateTables) throws -> Int64? {
        try preparations.compactMap(\.variantOf).first { sheet in
            try !preparations.contains { $0.knownSheet == sheet } && !tables.scans.hasWorkedPages(sheet)
        }
    }
}
