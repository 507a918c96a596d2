import Foundation
import Synchronization

extension Service {
    /// Takes a file: checked before a byte is read, streamed to disk, checked again, put in its place.
    func put(_ request: Request, _ target: DAVTarget, account: Account) async throws -> Answer {
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
                let collection = try Self.parent(of: target, in: &tree)
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
            try Disk.writeAll([UInt8](data)[...], to: descriptor, path: path)
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
            try checkLock(node, account)
        } else {
            let names = target.names.dropLast()
            if let parent = tree.node(Array(names), of: target.user) {
                guard parent.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
            } else if !makesParents {
                throw DAVError.notFound(names)
            }
            if let refusal = PathRules.refusal(of: target.names) { throw refusal }
        }
        if let quota = account.quotaBytes, let root = tree.roots[target.user], let length {
            guard length <= quota - root.size else {
                throw DAVError.sabre(507, "InsufficientStorage", "Insufficient space in \(target.path)")
            }
        }
    }

    /// The collection that a file goes into, made with those above where they are missing.
    static func parent(of target: DAVTarget, in tree: inout Tree) throws -> Node {
        guard var collection = tree.roots[target.user] else { throw DAVError.notFound([]) }
        for name in target.names.dropLast() {
            if let child = collection.child(name) {
                guard child.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
                collection = child
            } else {
                if let refusal = PathRules.refusal(of: [name]) { throw refusal }
                collection = try tree.makeCollection(named: name, in: collection)
            }
        }
        return collection
    }

    /// Nextcloud lets nobody but its owner touch a locked file.
    static func checkLock(_ node: Node, _ account: Account) throws(DAVError) {
        if let lock = node.lock, lock.owner != account.userID {
            throw .locked("files/" + node.path.joined(separator: "/"))
        }
    }
}
