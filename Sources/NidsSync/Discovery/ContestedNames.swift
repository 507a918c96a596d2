import DAV
import Transcriber

/// Reads back from the results themselves which of several scans with one stem has which result.
///
/// The first scan that came keeps the plain name. Where the state was lost, the order in which a listing names the
/// scans says nothing; a result of ours names the scan it was read from.
struct ContestedNames: Sendable {
    let state: StateStore
    let dav: DAVClient

    /// Exchanges names where a result says so, before anything is adopted or asked.
    func settle() async throws {
        for contested in try await state.contestedSheets() {
            guard let plain = ResultNames.stems(for: contested.path).first,
                let place = ResultNames.result(folder: contested.folder, model: contested.model, stem: plain),
                try await state.resultExists(place), try await source(of: place) == contested.path.description
            else { continue }
            try await state.exchangeNames(contested, plain: plain)
        }
    }

    /// The scan that a result of ours was read from.
    private func source(of place: RemotePath) async throws -> String? {
        let bytes: [UInt8]
        do throws(DAVError) {
            bytes = try await dav.get(place, limit: SheetWorker.resultLimit).bytes
        } catch {
            if error.concernsServer { throw error }
            return nil
        }
        guard let document = try? ResultDocument(parsing: bytes) else { return nil }
        return document.body[ResultDocument.ownKey]?["source"]?.array?.first?["path"]?.string
    }
}

/// A sheet whose plain result name was taken when it was found.
struct ContestedSheet: Sendable {
    var id: Int64
    var folder: RemotePath
    var path: RemotePath
    var model: String
}
