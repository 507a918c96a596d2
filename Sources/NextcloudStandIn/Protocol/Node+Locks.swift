extension Node {
    /// Lets nobody but the owner of its lock touch a file, and nobody at all one that is open in an editor, as
    /// Nextcloud's files_lock does.
    ///
    /// - Throws: 423.
    func checkLock(_ account: Account) throws(DAVError) {
        if lock?.editor != nil { throw .open("files/\(account.userID)/" + path.joined(separator: "/")) }
        if let lock, lock.owner != account.userID {
            throw .locked("files/" + path.joined(separator: "/"))
        }
    }
}
