import HTTP

extension DAVClient {
    /// Who holds a file locked, `nil` when nobody does or the server does not say (Nextcloud's app `files_lock` does).
    ///
    /// Nextcloud's 423 names no owner. Its Text editor locks a file as long as it is open, for everybody, the owner
    /// included, and for ever where the browser was killed.
    /// - Throws: `DAVError`; `.notFound` when the file is not there.
    public func lock(of path: RemotePath) async throws(DAVError) -> ResourceLock? {
        try await properties(of: path, adding: .locks).resource.lock
    }
}
