extension Node {
    /// Lets nobody but the owner of its lock touch a file, as Nextcloud's files_lock does.
    ///
    /// - Throws: 423.
    func checkLock(_ account: Account) throws(DAVError) {
        if let lock, lock.owner != account.userID {
            throw .locked("files/" + path.joined(separator: "/"))
        }
    }
}
