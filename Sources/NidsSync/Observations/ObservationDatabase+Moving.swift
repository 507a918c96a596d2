extension ObservationDatabase {
    public func move(from: SheetKey, to: SheetKey) async throws(ObservationError) {
        guard from != to else { return }
        let names = names
        try await write(concerning: from) { session in
            let recording = RecordingSession(session: session, names: names)
            guard let source = try recording.sheetID(from) else { return }
            try Self.movePages(of: source, from: from, to: to, in: session)
            guard let target = try recording.sheetID(to) else {
                try session.run(
                    "UPDATE nids_fiches SET cle = ?, racine = ?, chemin = ? WHERE id = ?",
                    [SQLValue(to.digest), SQLValue(to.root), SQLValue(to.readablePath), .integer(source)])
                return
            }
            try Self.merge(source, into: target, in: session)
        }
    }

    /// The pages' paths follow where they can be known: the scan itself, and the other page beside it.
    private static func movePages(of source: Int64, from: SheetKey, to: SheetKey, in session: any SQLSession) throws {
        let pages = try session.rows(
            """
            SELECT p.id, p.chemin FROM nids_pages p JOIN nids_lectures l ON l.id = p.lecture_id \
            WHERE l.fiche_id = ?
            """, [.integer(source)])
        for page in pages {
            guard let path = page[1].string.map({ Array($0.utf8) }),
                let moved = movedPage(path, from: Array(from.readablePath.utf8), to: to.path)
            else { continue }
            try session.run(
                "UPDATE nids_pages SET chemin = ? WHERE id = ?",
                [SQLValue(String(decoding: moved, as: UTF8.self)), page[0]])
        }
        // No longer what was recorded, and to be compared with nothing.
        try session.run("UPDATE nids_lectures SET empreinte = '' WHERE fiche_id = ?", [.integer(source)])
    }

    private static func movedPage(_ page: [UInt8], from: [UInt8], to: [UInt8]) -> [UInt8]? {
        if page == from { return to }
        let (old, new) = (folder(of: from), folder(of: to))
        let name = page.dropFirst(old.count)
        guard page.starts(with: old), !name.contains(UInt8(ascii: "/")) else { return nil }
        return new + name
    }

    /// With its slash, empty for a file in the root itself.
    private static func folder(of path: [UInt8]) -> [UInt8] {
        path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[...$0]) } ?? []
    }

    private static func merge(_ source: Int64, into target: Int64, in session: any SQLSession) throws {
        let present = try readings(of: target, in: session)
        for reading in try readings(of: source, in: session) {
            if let other = present.first(where: { $0.model == reading.model }) {
                guard reading.rank > other.rank else { continue }
                try session.run("DELETE FROM nids_lectures WHERE id = ?", [other.id])
            }
            try session.run("UPDATE nids_lectures SET fiche_id = ? WHERE id = ?", [.integer(target), reading.id])
        }
        try session.run("DELETE FROM nids_fiches WHERE id = ?", [.integer(source)])
    }

    private static func readings(of sheet: Int64, in session: any SQLSession) throws -> [RankedReading] {
        try session.rows(
            "SELECT id, modele, origine, retiree_le FROM nids_lectures WHERE fiche_id = ?", [.integer(sheet)]
        ).map(RankedReading.init)
    }
}

/// A reading beside another one of its model: a person's comes before a model's, a withdrawn one last.
private struct RankedReading {
    var id: SQLValue
    var model: [UInt8]
    var rank: Int

    /// - Throws: `ObservationError.misconfigured` for an origin that this version does not know.
    init(_ row: [SQLValue]) throws {
        guard row.count == 4, let model = row[1].string, let word = row[2].string else {
            throw ObservationError.misconfigured(reason: "a row of nids_lectures has no modele or origine")
        }
        guard let origin = ObservationReading.Origin(rawValue: word) else {
            throw ObservationError.misconfigured(
                reason: """
                    the origine "\(word)" in nids_lectures is not known to this version of nids-sync: install the \
                    newer one
                    """)
        }
        id = row[0]
        self.model = Array(model.utf8)
        rank = row[3] != .null ? 0 : origin == .personne ? 2 : 1
    }
}
