import DAV
import Foundation
import GRDB

/// Gives sheets the names that their results have, within one transaction.
struct SheetNaming {
    private static let mostNames = 1000

    let tables: StateTables

    /// Makes a sheet under the best name that is free.
    /// - Throws: `DatabaseError`.
    func make(for path: RemotePath, stems: [[UInt8]], holdUntil: Date?) throws -> Int64 {
        let folder = path.parent ?? .root
        for rank in 0..<Self.mostNames {
            let stem = Self.name(rank, stems, path)
            if let made = try tables.sheets.make(
                folder: folder, stem: stem, isContested: rank > 0, holdUntil: holdUntil)
            {
                return made
            }
        }
        throw DatabaseError(message: "no free result name in \(folder)")
    }

    /// Names a sheet after the place of a scan, unless it has a name of that place already.
    /// - Throws: `DatabaseError`.
    func rename(_ sheet: Int64, to path: RemotePath, stems: [[UInt8]]) throws {
        guard let name = try tables.sheets.name(of: sheet) else { return }
        let folder = path.parent ?? .root
        let isItsOwn = stems.contains(name.stem) || name.stem == ResultNames.furtherStem(0, for: path)
        if name.folder == folder, isItsOwn { return }
        for rank in 0..<Self.mostNames {
            let stem = Self.name(rank, stems, path)
            if try tables.sheets.rename(sheet, folder: folder, stem: stem, isContested: rank > 0) { return }
        }
    }

    /// The names of a folder's sheets, a name in use by results first that only one scan can have: it tells that the
    /// scan once came second, and it keeps that name though the state was lost and the scan that came first is gone.
    /// - Throws: `DatabaseError`.
    func ranked(_ stems: [[UInt8]], _ folder: RemotePath, models: [String]) throws -> [[UInt8]] {
        guard stems.count > 1 else { return stems }
        let places = models.compactMap { ResultNames.result(folder: folder, model: $0, stem: stems[1]) }
        let isThere = try places.contains { try tables.resultFiles.exists($0) }
        return isThere ? [stems[1], stems[0]] + stems.dropFirst(2) : stems
    }

    /// Gives a sheet the plain name, and its own to the sheet that has it, unless that one has published under it.
    /// - Throws: `DatabaseError`.
    func exchange(_ sheet: ContestedSheet, plain: [UInt8]) throws {
        guard
            let holder = try tables.sheets.unpublishedHolder(of: plain, in: sheet.folder, besides: sheet.id)
        else { return }
        // The holder takes the best name left to it, as if it had come second.
        let own = holder.path
        for fallback in ResultNames.stems(for: own).dropFirst() + [ResultNames.furtherStem(0, for: own)] {
            guard
                try tables.sheets.rename(holder.id, folder: sheet.folder, stem: fallback, isContested: true),
                try tables.sheets.rename(sheet.id, folder: sheet.folder, stem: plain, isContested: false)
            else { continue }
            for id in [holder.id, sheet.id] { try tables.jobs.reopen(id) }
            return
        }
    }

    private static func name(_ rank: Int, _ stems: [[UInt8]], _ path: RemotePath) -> [UInt8] {
        rank < stems.count ? stems[rank] : ResultNames.furtherStem(rank - stems.count, for: path)
    }
}
