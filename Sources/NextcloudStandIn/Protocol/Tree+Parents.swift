extension Tree {
    /// The collection that a file goes into, made with those above where they are missing.
    ///
    /// - Parameter names: the path of the file itself.
    /// - Throws: ``DAVError`` where a file is in the way, a name or the right is refused, ``StandInError`` of the disk.
    mutating func makeParents(of names: [String], of user: String) throws -> Node {
        guard var collection = roots[user] else { throw DAVError.notFound([]) }
        for name in names.dropLast() {
            let share = collection.parent == nil ? share(named: name, for: user) : nil
            if let child = share.flatMap({ byID[$0.node] }) ?? child(name, of: collection) {
                guard child.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
                collection = child
            } else {
                try check(.create, on: collection, for: user)
                if let refusal = NameRules.refusal(of: [name]) { throw refusal }
                collection = try makeCollection(named: name, in: collection)
            }
        }
        return collection
    }
}
