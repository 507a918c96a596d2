import Foundation
import Synchronization

/// The acts of a person in Nextcloud, without HTTP: the same effects on ETags, ids and quota. Paths are relative to the
/// root of the files of an account, the first one unless another's id is given.
extension NextcloudStandIn {
    /// Writes a file, with the collections above it where they are missing.
    ///
    /// - Parameter author: the id that its version names; the account's own unless given.
    /// - Throws: ``StandInError``: an unknown account, a name that Nextcloud refuses, a collection in its place, or the
    ///   store's disk.
    public func put(_ path: String, _ bytes: [UInt8], as userID: String? = nil, author: String? = nil) throws {
        let target = try target(path, userID)
        try installation.tree.mutex.withLock { tree in
            let upload = tree.newUploadPath()
            try Self.translating(path) {
                guard let name = target.names.last else { throw DAVError.notFound(target.names) }
                if let refusal = NameRules.refusal(of: target.names) { throw refusal }
                let collection = try tree.makeParents(of: target.names, of: target.user)
                if let known = collection.child(name), known.isCollection {
                    throw DAVError.sabre(409, "Conflict", "a collection is there")
                }
                try Disk.writeFile(bytes, to: upload)
                _ = try tree.place(
                    upload, named: name, in: collection, checksum: nil, author: author ?? target.user)
            }
        }
    }

    /// Writes a text file, as UTF-8.
    ///
    /// - Throws: as ``put(_:_:as:)``.
    public func put(_ path: String, text: String, as userID: String? = nil) throws {
        try put(path, Array(text.utf8), as: userID)
    }

    /// A file's bytes; nil where there is no file.
    ///
    /// - Throws: ``StandInError``: an unknown account, a path that climbs, or the store's disk.
    public func bytes(at path: String, as userID: String? = nil) throws -> [UInt8]? {
        let target = try target(path, userID)
        let place = installation.tree.mutex.withLock { tree in
            tree.node(target.names, of: target.user).flatMap { $0.isCollection ? nil : tree.diskPath(of: $0) }
        }
        return try place.map { try Disk.readFile($0) }
    }

    /// Deletes a file or a collection.
    ///
    /// - Throws: ``StandInError``: an unknown account, nothing there, or the store's disk.
    public func delete(_ path: String, as userID: String? = nil) throws {
        let target = try target(path, userID)
        let bin = try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw StandInError.notFound(path: path) }
            return try tree.delete(node)
        }
        if let bin { try Disk.remove(bin) }
    }

    /// Moves or renames a file or a collection, with the collections above the target where they are missing.
    ///
    /// - Throws: ``StandInError``: nothing there, something at the target, a name that Nextcloud refuses, or the disk.
    public func move(_ path: String, to destination: String, as userID: String? = nil) throws {
        let origin = try target(path, userID)
        let target = try target(destination, userID)
        try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(origin.names, of: origin.user), node.parent != nil else {
                throw StandInError.notFound(path: path)
            }
            try Self.translating(destination) {
                guard let name = target.names.last, !target.names.starts(with: origin.names) else {
                    throw DAVError.sabre(409, "Conflict", "it would be inside itself")
                }
                if let refusal = NameRules.refusal(of: target.names) { throw refusal }
                let collection = try tree.makeParents(of: target.names, of: target.user)
                guard collection.child(name) == nil else { throw DAVError.precondition("Overwrite", "it exists") }
                try tree.move(node, to: collection, named: name)
            }
        }
    }

    /// Copies a file or a collection: the same bytes, a new id.
    ///
    /// - Throws: ``StandInError``: nothing there, something at the target, or the store's disk.
    public func copy(_ path: String, to destination: String, as userID: String? = nil) throws {
        let origin = try target(path, userID)
        let target = try target(destination, userID)
        try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(origin.names, of: origin.user) else { throw StandInError.notFound(path: path) }
            try Self.translating(destination) {
                guard let name = target.names.last, !target.names.starts(with: origin.names) else {
                    throw DAVError.sabre(409, "Conflict", "it would be inside itself")
                }
                let collection = try tree.makeParents(of: target.names, of: target.user)
                guard collection.child(name) == nil else { throw DAVError.precondition("Overwrite", "it exists") }
                _ = try tree.copy(node, to: collection, named: name)
            }
        }
    }

    /// Makes a collection, and those above it; one that exists is fine.
    ///
    /// - Throws: ``StandInError``: a file in the way, a name that Nextcloud refuses, or the store's disk.
    public func makeCollection(_ path: String, as userID: String? = nil) throws {
        var target = try target(path, userID)
        target.names.append("")
        try installation.tree.mutex.withLock { tree in
            try Self.translating(path) { _ = try tree.makeParents(of: target.names, of: target.user) }
        }
    }

    /// Takes in what was changed in the store's files by hand, as `occ files:scan` does.
    ///
    /// - Throws: ``StandInError/store(path:reason:)``
    public func scan() throws {
        try installation.tree.mutex.withLock { tree in try tree.scan() }
    }

    /// Nextcloud's refusal, as the error that direct access throws.
    private static func translating(_ path: String, _ body: () throws -> Void) throws {
        do { try body() } catch let error as DAVError {
            throw StandInError.refused(path: path, status: error.status, reason: error.message)
        }
    }

    func target(_ path: String, _ userID: String?) throws -> DAVTarget {
        let account = installation.accounts.withLock { accounts in
            accounts.first { userID == nil || $0.userID == userID }
        }
        guard let account, let names = PathRules.names(of: path) else { throw StandInError.notFound(path: path) }
        return DAVTarget(user: account.userID, names: names)
    }
}
