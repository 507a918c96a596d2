import DAV
import Foundation
import Transcriber

/// Reads back from the results themselves which of several scans with one stem has which result.
///
/// The first scan that came keeps the plain name. Where the state was lost, the order in which a listing names the
/// scans says nothing; a result of ours names the scan it was read from.
struct ContestedNames: Sendable {
    /// The time for which a sheet waits whose name cannot be settled just now.
    private static let patience: TimeInterval = 60

    let state: StateDatabase
    let dav: DAVClient
    let now: @Sendable () -> Date

    /// Exchanges names where a result says so, before anything is adopted or asked.
    ///
    /// - Returns: `false` where a result could not be read: its sheet waits, and it is to be settled again.
    /// - Throws: `DAVError` where the server as a whole fails, `DatabaseError`.
    func settle() async throws -> Bool {
        var isSettled = true
        for contested in try await state.read({ try $0.sheets.contested() }) {
            guard let plain = ResultNames.stems(for: contested.path).first,
                let place = ResultNames.result(folder: contested.folder, model: contested.model, stem: plain),
                try await state.read({ try $0.resultFiles.exists(place) })
            else { continue }
            do {
                guard try await isRead(place, from: contested) else { continue }
                try await state.write { try SheetNaming(tables: $0).exchange(contested, plain: plain) }
            } catch let error as DAVError {
                try await dav.requireServer(after: error)
                // A passing fault is no reason to ask a model for what may lie there.
                let until = now().addingTimeInterval(Self.patience)
                try await state.write { try $0.sheets.holdAtLeast(contested.id, until: until) }
                isSettled = false
            }
        }
        return isSettled
    }

    /// `true` when a result of ours says that it was read from that scan, which may have been moved since.
    private func isRead(_ place: RemotePath, from sheet: ContestedSheet) async throws -> Bool {
        guard case .file(let found) = try await ResultReader(state: state, dav: dav).read(place),
            let source = try? ResultDocument(parsing: found.bytes).sources.first
        else { return false }
        if let fileID = source.fileID, let own = sheet.fileID { return fileID == own }
        return source.path == sheet.path.description
    }
}
