import HTTP
import HTTPTypes

extension DAVClient {
    /// Uploads a file under a precondition, making collections above it where they are missing and may be made.
    ///
    /// With `.made`, Nextcloud 31 and later make them on the way (`X-NC-WebDAV-Auto-Mkcol`); others answer 404 or 409,
    /// and the collections are made one by one.
    /// - Parameters:
    ///   - path: the file.
    ///   - bytes: its content.
    ///   - contentType: its media type.
    ///   - precondition: what must hold on the server.
    ///   - modified: its modification time in seconds since 1970 (`X-OC-MTime`). One in the past that the path has not
    ///     had before makes that any later write gets another ETag (measured on Nextcloud 34).
    ///   - missing: the collections that may be made.
    /// - Throws: `DAVError`; `.preconditionFailed` when something else is there.
    public func put(
        _ path: RemotePath, _ bytes: [UInt8], contentType: String, _ precondition: Precondition, modified: Int? = nil,
        missing: MissingCollections = .made
    ) async throws(DAVError) -> PutOutcome {
        var headers: HTTPFields = [.contentType: contentType]
        try add(precondition, to: &headers, path)
        if let modified, let name = HTTPField.Name("X-OC-MTime") { headers[name] = String(modified) }
        if isNextcloud, missing == .made, let name = HTTPField.Name("X-NC-WebDAV-Auto-Mkcol") { headers[name] = "1" }
        do throws(DAVError) {
            return try await putOnce(path, bytes, headers)
        } catch
            where (error.kind == .notFound || error.kind == .conflict) && error.proof != .nothing
            && precondition == .absent && missing != .left
        {
            try await makeCollections(above: path, missing)
            return try await putOnce(path, bytes, headers)
        }
    }

    private func add(
        _ precondition: Precondition, to headers: inout HTTPFields, _ path: RemotePath
    ) throws(DAVError) {
        switch precondition {
        case .absent: headers[.ifNoneMatch] = "*"
        case .unchanged(let etag):
            guard !etag.isWeak else {
                throw DAVError(
                    .preconditionFailed, path: path.description, detail: "only a weak ETag is known of the file there",
                    operation: .writing)
            }
            headers[.ifMatch] = etag.headerValue
        }
    }

    private func putOnce(
        _ path: RemotePath, _ bytes: [UInt8], _ headers: HTTPFields
    ) async throws(DAVError) -> PutOutcome {
        let reply = try await send(
            request(.put, path, headers: headers), path, body: .bytes(bytes), accepting: [200, 201, 204])
        if let page = Self.page(reply) {
            throw DAVError(
                .malformed, path: path.description, status: reply.status,
                detail: "\(page) answers \(reply.status): it is not known whether the file was taken",
                operation: .writing, answerer: page, date: reply.head.date)
        }
        let etag = (reply.head.headerFields[.eTag] ?? reply.head.headerFields.ocETag).flatMap(ETag.init)
        let accepted = HTTPField.Name("X-OC-MTime").flatMap { reply.head.headerFields[$0] }
        return PutOutcome(
            etag: etag?.isWeak == true ? nil : etag, created: reply.status == 201,
            acceptedModificationTime: accepted?.lowercased() == "accepted", date: reply.head.date)
    }

    /// A portal answers 200 and a page to anything. Apache's 201 holds a page of its own; a 200 to a PUT is rare.
    private static func page(_ reply: HTTPReply) -> Answerer? {
        guard reply.status == 200, case .webPage(let title) = ForeignText(reply.body) else { return nil }
        return .webPage(title: title)
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

    /// Makes the missing collections above a path from the outermost, as far as that is allowed.
    func makeCollections(above path: RemotePath, _ missing: MissingCollections = .made) async throws(DAVError) {
        try await making.run { () async throws(DAVError) in try await makeMissing(above: path, missing) }
    }

    private func makeMissing(above path: RemotePath, _ missing: MissingCollections) async throws(DAVError) {
        var lacking: [RemotePath] = []
        var current = path.parent
        while let collection = current, missing.allows(collection) {
            do throws(DAVError) {
                try await makeCollection(collection)
                break
            } catch  where (error.kind == .conflict || error.kind == .notFound) && error.proof != .nothing {
                guard let parent = collection.parent, missing.allows(parent) else { throw error }
                lacking.append(collection)
                current = parent
            }
        }
        for collection in lacking.reversed() { try await makeCollection(collection) }
    }
}
