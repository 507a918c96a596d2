import Synchronization

/// The state that tests look at and change.
extension NextcloudStandIn {
    /// Every file and collection below a path, collections with a slash at the end; relative to the account's root, in
    /// the order of their bytes.
    ///
    /// - Throws: ``StandInError/notFound(path:)`` for an unknown account or a path that climbs.
    public func paths(below path: String = "", as userID: String? = nil) throws -> [String] {
        let target = try target(path, userID)
        let found: [String] = installation.tree.mutex.withLock { tree in
            guard let start = tree.node(target.names, of: target.user) else { return [] }
            var found: [String] = []
            var pending = start.children.map { (node: $0, path: (target.names + [$0.name]).joined(separator: "/")) }
            while let (node, path) = pending.popLast() {
                found.append(node.isCollection ? path + "/" : path)
                pending += node.children.map { (node: $0, path: path + "/" + $0.name) }
            }
            return found
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// An ETag without quotes; nil where there is nothing.
    ///
    /// - Throws: ``StandInError/notFound(path:)`` for an unknown account or a path that climbs.
    public func etag(of path: String, as userID: String? = nil) throws -> String? {
        try read(path, userID) { node, _ in node.etag }
    }

    /// The id as `oc:fileid` has it; nil where there is nothing.
    ///
    /// - Throws: ``StandInError/notFound(path:)`` for an unknown account or a path that climbs.
    public func fileID(of path: String, as userID: String? = nil) throws -> Int? {
        try read(path, userID) { node, _ in node.id }
    }

    /// The checksum that came with the file; nil where there is none.
    ///
    /// - Throws: ``StandInError/notFound(path:)`` for an unknown account or a path that climbs.
    public func checksum(of path: String, as userID: String? = nil) throws -> String? {
        try read(path, userID) { node, _ in node.checksum } ?? nil
    }

    /// The names of the tags on a file.
    ///
    /// - Throws: ``StandInError/notFound(path:)`` for an unknown account or a path that climbs.
    public func tags(of path: String, as userID: String? = nil) throws -> [String] {
        try read(path, userID) { node, tree in
            (tree.tagged[node.id] ?? []).compactMap { tree.tags[$0] }.sorted()
        } ?? []
    }

    private func read<Value: Sendable>(
        _ path: String, _ userID: String?, _ value: (Node, borrowing Tree) -> sending Value
    ) throws -> Value? {
        let target = try target(path, userID)
        return installation.tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { return nil }
            return value(node, tree)
        }
    }

    /// The requests received so far, in the order they came.
    public var requests: [RecordedRequest] { service.log.requests }

    /// Forgets the requests received so far.
    public func resetRequests() { service.log.reset() }

    /// Sets a fault; several add up.
    @discardableResult
    public func addFault(_ fault: Fault) -> FaultID { service.faults.add(fault) }

    /// Takes one fault away.
    public func removeFault(_ id: FaultID) { service.faults.remove(id) }

    /// Takes every fault away.
    public func removeFaults() { service.faults.clear() }

    /// Conditions that last until they are changed.
    public var conditions: Conditions {
        get { installation.conditions.withLock { $0 } }
        set {
            installation.conditions.withLock { $0 = newValue }
            installation.tree.mutex.withLock { $0.conditions = newValue }
        }
    }

    /// Changes what an account may hold, in bytes; nil is unlimited.
    public func setQuota(_ bytes: Int?, of userID: String) {
        installation.accounts.withLock { accounts in
            for index in accounts.indices where accounts[index].userID == userID {
                accounts[index].quotaBytes = bytes
            }
        }
    }

    /// Changes an account's password, as a person does who revokes what was stored.
    public func setPassword(_ password: String, of userID: String) {
        installation.accounts.withLock { accounts in
            for index in accounts.indices where accounts[index].userID == userID {
                accounts[index].password = password
            }
        }
    }

    /// Disables an account, or enables it again, as an administrator does.
    public func setDisabled(_ isDisabled: Bool, of userID: String) {
        installation.accounts.withLock { accounts in
            for index in accounts.indices where accounts[index].userID == userID {
                accounts[index].isDisabled = isDisabled
            }
        }
    }

    /// A person approves in the browser every login that waits, as that account.
    public func approveLogins(of userID: String) {
        installation.logins.withLock { $0.approveAll(for: userID) }
    }
}
