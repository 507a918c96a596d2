import HTTP
import HTTPTypes

extension DAVClient {
    /// Moves a file to where nothing is yet (`MOVE` with `Overwrite: F`; RFC 4918, section 9.9), making the collections
    /// above its new place where they are missing.
    ///
    /// Nextcloud 34 and the stand-in keep ETag and file id over a move. Apache keeps a strong ETag, made of the file's
    /// size and time, and has no file ids.
    ///
    /// After a move whose answer was lost, `.notFound` or `.preconditionFailed` may mean that it was carried out.
    /// - Parameters:
    ///   - from: the file.
    ///   - to: its new place.
    ///   - missing: the collections that may be made.
    /// - Throws: `DAVError`; `.preconditionFailed` when something is at the new place (nothing has changed then),
    ///   `.notFound` when there is nothing at the old one (no collection has been made then).
    public func move(
        _ from: RemotePath, to: RemotePath, missing: MissingCollections = .made
    ) async throws(DAVError) {
        do throws(DAVError) {
            try await moveOnce(from, to)
        } catch  where [.notFound, .conflict, .serverFailure].contains(error.kind) && missing != .left {
            guard try await lacksCollection(above: to, whileThereIs: from) else { throw error }
            try await makeCollections(above: to, missing)
            try await moveOnce(from, to)
        }
    }

    /// True when a move failed for want of a collection: Nextcloud then answers 409, whether or not the source is there,
    /// and Apache 500. Nobody wants empty collections for a file that is gone, so that is looked at first.
    private func lacksCollection(
        above target: RemotePath, whileThereIs source: RemotePath
    ) async throws(DAVError) -> Bool {
        _ = try await properties(of: source)
        guard let parent = target.parent, !parent.isRoot else { return false }
        do throws(DAVError) {
            _ = try await properties(of: parent, isCollection: true)
            return false
        } catch  where error.kind == .notFound {
            return true
        }
    }

    private func moveOnce(_ from: RemotePath, _ to: RemotePath) async throws(DAVError) {
        var headers: HTTPFields = [:]
        if let name = HTTPField.Name("Destination") { headers[name] = collection.url(of: to) }
        if let name = HTTPField.Name("Overwrite") { headers[name] = "F" }
        let request = try request(.move, from, headers: headers)
        do throws(DAVError) {
            _ = try await send(request, from, accepting: [201, 204])
        } catch  where error.status == 301 && error.kind == .malformed {
            // Apache, where a collection has the new name: it misses the slash, and names no place to go to.
            throw DAVError(
                .preconditionFailed, path: from.description, status: 301, detail: "a folder is at \(to)",
                operation: .moving, answerer: error.answerer, proof: .answer)
        }
    }
}

extension HTTPRequest.Method {
    /// RFC 4918, section 9.9.
    fileprivate static let move = HTTPRequest.Method("MOVE") ?? .options
}
