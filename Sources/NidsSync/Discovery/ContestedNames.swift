import DAV
import Transcriber

/// Reads back from the results themselves which of several scans with one stem has which result.
///
/// The first scan that came keeps the plain name. Where the state was lost, the order in which a listing names the
/// scans says nothing; a result of ours names the scan it was read from.
struct ContestedNames: Sendable {
    let state: StateDatabase
    let dav: DAVClient

    /// Exchanges names where a result says so, before anything is adopted or asked.
    /// - Throws: `DAVError`, `DatabaseError`.
    func settle() async throws {
        for contested in try await state.read({ try $0.sheets.contested() }) {
            guard let plain = ResultNames.stems(for: contested.path).first,
                let place = ResultNames.result(folder: contested.folder, model: contested.model, stem: plain),
                try await state.read({ try $0.resultFiles.exists(place) }), try await isRead(place, from: contested)
            else { continue }
            try await state.write { try SheetNaming(tables: $0).exchange(contested, plain: plain) }
        }
    }

    /// `true` when a result of ours says that it was read from that scan, which may have been moved since.
    private func isRead(_ place: RemotePath, from sheet: ContestedSheet) async throws -> Bool {
        let bytes: [UInt8]
        do throws(DAVError) {
            bytes = try await dav.get(place, limit: ResultDocument.maximumSize).bytes
        } catch {
            if error.concernsServer { throw error }
            return false
        }
        guard let source = try? ResultDocument(parsing: bytes).sources.first else { return false }
        if let fileID = source.fileID, let own = sheet.fileID { return fileID == own }
        return source.path == sheet.path.description
    }
}
