import Foundation
import Synchronization

/// Answers `PUT`.
struct UploadHandler {
    let tree: SharedTree

    /// Takes a file: checked before a byte is read, streamed to disk, checked again, put in its place.
    ///
    /// - Throws: ``DAVError``: 400, 404, 409, 412, 423, 507; ``StandInError`` of the disk.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let (request, target, account) = (exchange.request, exchange.target, exchange.account)
        guard let name = target.names.last else {
            throw DAVError.sabre(409, "Conflict", "PUT is not allowed on non-files.")
        }
        let preconditions = Preconditions(request)
        let makesParents = request["X-NC-WebDAV-Auto-Mkcol"] == "1"
        let length = request["Content-Length"].flatMap { Int($0) }
        let upload = try tree.mutex.withLock { tree in
            try Self.check(tree, target, account, preconditions, makesParents, length)
            return tree.newUploadPath()
        }
        do {
            let count = try await receive(request.body, at: upload)
            if let length, count != length {
                throw DAVError.sabre(400, "BadRequest", "Expected filesize of \(length) bytes but read \(count) bytes.")
            }
            if let seconds = request["X-OC-MTime"].flatMap({ Int($0) }) { Disk.setModified(upload, seconds: seconds) }
            let checksum = request["OC-Checksum"]
            var answer = try tree.mutex.withLock { tree in
                try Self.check(tree, target, account, preconditions, makesParents, count)
                let collection = try tree.makeParents(of: target.names, of: target.user)
                let isNew = collection.child(name) == nil
                let node = try tree.place(upload, named: name, in: collection, checksum: checksum)
                return Answer.empty(isNew ? 201 : 204, Self.headers(of: node, in: tree, account: account))
            }
            if request["X-OC-MTime"] != nil { answer.headers.append(("X-OC-MTime", "accepted")) }
            return answer
        } catch {
            try Disk.remove(upload)
            throw error
        }
    }

    private func receive(_ body: RequestBody, at path: String) async throws -> Int {
        let descriptor = try Disk.create(path)
        defer { close(descriptor) }
        while let data = try await body.next() {
            try Disk.writeAll(data[...], to: descriptor, path: path)
        }
        return body.count
    }

    private static func headers(of node: Node, in tree: borrowing Tree, account: Account)
        -> [(name: String, value: String)]
    {
        [
            ("OC-FileId", tree.longID(of: node)), ("ETag", "\"\(node.etag)\""), ("OC-ETag", "\"\(node.etag)\""),
            ("X-NC-OwnerId", account.userID), ("X-NC-Permissions", "RGDNVW"),
        ]
    }

    private static func check(
        _ tree: borrowing Tree, _ target: DAVTarget, _ account: Account, _ preconditions: Preconditions,
        _ makesParents: Bool, _ length: Int?
    ) throws {
        let node = tree.node(target.names, of: target.user)
        _ = try preconditions.check(node)
        if let node {
            if node.isCollection { throw DAVError.sabre(409, "Conflict", "PUT is not allowed on non-files.") }
            try node.checkLock(account)
        } else {
            let names = target.names.dropLast()
            if let parent = tree.node(Array(names), of: target.user) {
                guard parent.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
            } else if !makesParents {
                throw DAVError.notFound(names)
            }
            if let refusal = NameRules.refusal(of: target.names) { throw refusal }
        }
        if let quota = account.quotaBytes, let root = tree.roots[target.user], let length {
            guard length <= quota - root.size else {
                throw DAVError.sabre(507, "InsufficientStorage", "Insufficient space in \(target.path)")
            }
        }
    }
}
