extension Tree {
    /// The collection that a file goes into, made with those above where they are missing.
    ///
    /// - Parameter names: the path of the file itself.
    /// - Throws: ``DAVError`` where a file is in the way or a name is refused, ``StandInError`` of the disk.
    mutating func makeParents(of names: [String], of user: String) throws -> Node {
        guard var collection = roots[user] else { throw DAVError.notFound([]) }
        for name in names.dropLast() {
            if let child = collection.child(name) {
                guard child.isCollection else {
                    throw DAVError.sabre(409, "Conflict", "Files can only be created as children of collections")
                }
                collection = child
            } else {
                if let refusal = NameRules.refusal(of: [name]) { throw refusal }
                collection = try makeCollection(named: name, in: collection)
            }
        }
        return collection
    }
}
