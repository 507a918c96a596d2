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
        let preconditions = Preconditions(exchange)
        let length = request["Content-Length"].flatMap { Int($0) }
        let upload = try tree.mutex.withLock { tree in
            // Nextcloud makes them before it looks at anything else: they stay when the file is refused.
            if exchange.makesMissingCollections { _ = try tree.makeParents(of: target.names, of: target.user) }
            try Self.check(tree, target, account, preconditions, length)
            return tree.newUploadPath()
        }
        do {
            let count = try await receive(request.body, at: upload)
            if let length, count != length {
                throw DAVError.sabre(400, "BadRequest", "Expected filesize of \(length) bytes but read \(count) bytes.")
            }
            let (seconds, checksum) = (request["X-OC-MTime"].flatMap { Int($0) }, request["OC-Checksum"])
            var answer = try tree.mutex.withLock { tree in
                try Self.check(tree, target, account, preconditions, count)
                let collection = try tree.makeParents(of: target.names, of: target.user)
                let isNew = tree.child(name, of: collection) == nil
                let node = try tree.place(
                    upload, named: name, in: collection, checksum: checksum, modified: seconds, author: account.userID)
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
            ("X-NC-OwnerId", node.owner), ("X-NC-Permissions", tree.letters(of: node, for: account.userID)),
        ]
    }

    private static func check(
        _ tree: borrowing Tree, _ target: DAVTarget, _ account: Account, _ preconditions: Preconditions,
        _ length: Int?
    ) throws {
        let node = tree.node(target.names, of: target.user)
        _ = try preconditions.check(node)
        if let node {
            if node.isCollection { throw DAVError.sabre(409, "Conflict", "PUT is not allowed on non-files.") }
            try tree.check(.update, on: node, for: account.userID)
            try node.checkLock(account)
        } else {
            let names = target.names.dropLast()
            if let parent = tree.node(Array(names), of: target.user) {
                guard parent.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
            } else {
                throw DAVError.notFound(names)
            }
            if let parent = tree.node(Array(names), of: target.user) {
                try tree.check(.create, on: parent, for: account.userID)
            }
            if let refusal = NameRules.refusal(of: target.names) { throw refusal }
        }
        let isShared = target.names.first.map { tree.share(named: $0, for: target.user) != nil } ?? false
        if !isShared, let quota = account.quotaBytes, let root = tree.roots[target.user], let length {
            guard length <= quota - root.size else {
                throw DAVError.sabre(507, "InsufficientStorage", "Insufficient space in \(target.path)")
            }
        }
    }
}
