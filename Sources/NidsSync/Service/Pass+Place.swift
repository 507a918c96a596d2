import DAV
import Foundation
import GRDB

extension Pass {
    /// Checks that `--path` names something, once the look is over.
    ///
    /// - Returns: what a person should know of a place where nothing is to be done, `nil` for any other.
    /// - Throws: `PassError.unknownPath`, `DAVError`, `StateError`, `DatabaseError`.
    func remark(onPlace text: String, _ dav: DAVClient) async throws -> PassSummary.Failure? {
        guard let place = PlaceFilter(PlaceSpelling.plain(text)), let path = RemotePath(PlaceSpelling.plain(text)),
            !path.isRoot
        else { return nil }
        let (isKnown, leftOut, variant) = try await state.read { tables in
            (
                try tables.scans.exists(at: place), try tables.scans.reasonLeftOut(at: place),
                try tables.variants.standingBy(at: place)
            )
        }
        if let variant {
            return PassSummary.Failure(
                path: path.description, model: "",
                reason: "nothing there is read: other preparations of the sheets are, \(variant.readPath) and the like "
                    + "(nextcloud.variants)")
        }
        if isKnown { return nil }
        if let leftOut {
            return PassSummary.Failure(
                path: path.description, model: "", reason: "nothing there is worked on: \(leftOut)")
        }
        guard try await isThere(path, dav) else {
            throw PassError.unknownPath(
                text, similar: try await state.read { try $0.similarPlace(to: path.description) })
        }
        return PassSummary.Failure(
            path: path.description, model: "", reason: "no scan lies there (nextcloud.include, nextcloud.exclude)")
    }

    private func isThere(_ path: RemotePath, _ dav: DAVClient) async throws -> Bool {
        for spelling in PlaceFilter.spellings(path.description) {
            do throws(DAVError) {
                _ = try await dav.properties(of: spelling)
                return true
            } catch {
                guard error.kind == .notFound, error.proof != .nothing else { throw error }
            }
        }
        return false
    }
}

extension ScanTable {
    /// The reason why scans at a place, or below, are left out.
    fileprivate func reasonLeftOut(at place: PlaceFilter) throws -> String? {
        try db.value(
            "SELECT left_out FROM scan WHERE missing < 2 AND left_out IS NOT NULL AND \(place.condition) LIMIT 1")
    }
}

extension StateTables {
    /// A folder or a scan that differs from a place in the case of its letters alone.
    fileprivate func similarPlace(to place: String) throws -> String? {
        let wanted = place.precomposedStringWithCanonicalMapping.lowercased()
        func isSimilar(_ path: RemotePath) -> Bool {
            path.description.precomposedStringWithCanonicalMapping.lowercased() == wanted
        }
        var found: String?
        for table: SQL in ["SELECT path FROM collection", "SELECT path FROM scan WHERE missing < 2"] where found == nil
        {
            try db.forEach(table) { row in
                guard found == nil, isSimilar(try row.known("path")) else { return }
                found = (try row.known("path") as RemotePath).description
            }
        }
        return found
    }
}
