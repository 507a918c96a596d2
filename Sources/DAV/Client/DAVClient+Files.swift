import HTTP
import HTTPTypes

/// What must hold on the server for a PUT to be carried out (RFC 9110, section 13.1).
public enum Precondition: Sendable, Hashable {
    /// `If-None-Match: *`: nothing is there yet.
    case absent
    /// `If-Match`: what is there is what we last knew. Needs a strong tag.
    case unchanged(ETag)
}

/// What a server says of a file that it has taken.
public struct PutOutcome: Sendable, Hashable {
    /// The new file's tag, where the server gives a strong one (Apache gives none).
    public var etag: ETag?
    /// Whether the file was not there before.
    public var created: Bool
}

extension DAVClient {
    /// Downloads a file into a local one, which is made or emptied first.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - file: the local file's path.
    ///   - limit: the largest file taken, in bytes.
    /// - Returns: the tag of what was downloaded, where the server names one.
    /// - Throws: `DAVError`; the local file may then be there in part.
    public func get(_ path: RemotePath, to file: String, limit: Int? = nil) async throws(DAVError) -> ETag? {
        let request = try request(.get, path)
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.download(request, to: file, limit: limit)
        } catch {
            throw DAVError(error, path: path.description)
        }
        guard reply.status == 200 else { throw DAVError(reply.head, body: reply.body, path: path.description) }
        return reply.head.headerFields[.eTag].flatMap(ETag.init)
    }

    /// Downloads a small file into memory.
    /// - Throws: `DAVError`; `.notFound` when it is not there.
    public func get(_ path: RemotePath, limit: Int) async throws(DAVError) -> (bytes: [UInt8], etag: ETag?) {
        let request = try request(.get, path)
        let reply: HTTPReply
        do throws(HTTPError) {
            reply = try await http.send(request, limit: limit)
        } catch {
            throw DAVError(error, path: path.description)
        }
        guard reply.status == 200 else { throw DAVError(reply.head, body: reply.body, path: path.description) }
        return (reply.body, reply.head.headerFields[.eTag].flatMap(ETag.init))
    }

    /// Uploads a file under a precondition, making the collections above it where they are missing.
    ///
    /// Nextcloud 31 and later make them on the way (`X-NC-WebDAV-Auto-Mkcol`); others answer 404 or 409, and the
    /// collections are made one by one.
    /// - Throws: `DAVError`; `.preconditionFailed` when something else is there.
    public func put(
        _ path: RemotePath, _ bytes: [UInt8], contentType: String, _ precondition: Precondition
    ) async throws(DAVError) -> PutOutcome {
        do throws(DAVError) {
            return try await putOnce(path, bytes, contentType: contentType, precondition)
        } catch  where (error.kind == .notFound || error.kind == .conflict) && precondition == .absent {
            try await makeCollections(above: path)
            return try await putOnce(path, bytes, contentType: contentType, precondition)
        }
    }

    private func putOnce(
        _ path: RemotePath, _ bytes: [UInt8], contentType: String, _ precondition: Precondition
    ) async throws(DAVError) -> PutOutcome {
        var headers: HTTPFields = [.contentType: contentType]
        switch precondition {
        case .absent: headers[.ifNoneMatch] = "*"
        case .unchanged(let etag):
            guard !etag.isWeak else {
                throw DAVError(
                    .preconditionFailed, path: path.description, detail: "only a weak tag is known of the file there")
            }
            headers[.ifMatch] = etag.headerValue
        }
        if isNextcloud, let name = HTTPField.Name("X-NC-WebDAV-Auto-Mkcol") { headers[name] = "1" }
        let reply = try await send(
            request(.put, path, headers: headers), path, body: .bytes(bytes), accepting: [200, 201, 204])
        let etag = (reply.head.headerFields[.eTag] ?? reply.head.headerFields.ocETag).flatMap(ETag.init)
        return PutOutcome(etag: etag?.isWeak == true ? nil : etag, created: reply.status == 201)
    }

    /// Makes a collection; one that is there already is fine.
    /// - Throws: `DAVError`; `.conflict` when its parent is missing.
    public func makeCollection(_ path: RemotePath) async throws(DAVError) {
        let request = try request(.mkcol, path, isCollection: true)
        do throws(DAVError) {
            // 405: a resource is there already (RFC 4918, section 9.3.1).
            _ = try await send(request, path, accepting: [200, 201, 405])
        } catch  where error.kind == .forbidden {
            // Apache says so too where another request has made it at this very moment.
            guard let found = try? await properties(of: path, isCollection: true), found.isCollection else {
                throw error
            }
        }
    }

    func makeCollections(above path: RemotePath) async throws(DAVError) {
        var missing: [RemotePath] = []
        var current = path.parent
        while let collection = current, !collection.isRoot {
            do throws(DAVError) {
                try await makeCollection(collection)
                break
            } catch  where error.kind == .conflict || error.kind == .notFound {
                missing.append(collection)
                current = collection.parent
            }
        }
        for collection in missing.reversed() { try await makeCollection(collection) }
    }
}

extension HTTPFields {
    /// ownCloud's and Nextcloud's copy of the tag, for proxies that drop `ETag`.
    fileprivate var ocETag: String? { HTTPField.Name("OC-ETag").flatMap { self[$0] } }
}
