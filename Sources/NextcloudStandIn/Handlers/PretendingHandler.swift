import Synchronization

/// Answers `PUT` as if it had worked.
struct PretendingHandler {
    let installation: Installation

    /// 201 or 204 and an ETag that nothing has.
    ///
    /// - Parameter leavesFile: true leaves an empty file there.
    /// - Throws: what the connection throws while the body is read; ``StandInError`` of the disk.
    func answer(_ request: Request, _ leavesFile: Bool) async throws -> Answer {
        try await request.body.drain()
        guard case .account(let account) = installation.login(request["Authorization"]),
            let target = DAVTarget(rawPath: request.rawPath, account: account), let name = target.names.last
        else { return .error(.unauthorized("No public access to this resource.")) }
        let isNew = try installation.tree.mutex.withLock { tree in
            let isNew = tree.node(target.names, of: target.user) == nil
            if leavesFile {
                let upload = tree.newUploadPath()
                try Disk.writeFile([], to: upload)
                let collection = try tree.makeParents(of: target.names, of: target.user)
                _ = try tree.place(upload, named: name, in: collection, checksum: nil, author: account.userID)
            }
            return isNew
        }
        let etag = "\"\(Identifiers.fileETag())\""
        return .empty(isNew ? 201 : 204, [("ETag", etag), ("OC-ETag", etag)])
    }
}
