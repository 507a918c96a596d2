import Foundation

/// The rights of files that hold secrets.
enum FileExposure {
    /// The folders into which Docker and Kubernetes put secrets, readable by everybody in a container that has one user.
    private static let containerFolders = ["/run/secrets/", "/var/run/secrets/"]

    /// True for a regular file that every user of this machine can read: it has the right for others, and so have all
    /// folders on the way to it. The folders in which containers and systemd hand out secrets are not looked at.
    static func isOpen(_ path: String, _ environment: [String: String]) -> Bool {
        let resolved = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let credentials = environment["CREDENTIALS_DIRECTORY"].map { [$0 + "/"] } ?? []
        for folder in containerFolders + credentials
        where path.hasPrefix(folder) || resolved.hasPrefix(folder) { return false }
        guard let mode = mode(resolved), mode & S_IFMT == S_IFREG, mode & S_IROTH != 0 else { return false }
        var folder = (resolved as NSString).deletingLastPathComponent
        while folder.hasPrefix("/"), folder != "/" {
            if let mode = Self.mode(folder), mode & S_IXOTH == 0 { return false }
            folder = (folder as NSString).deletingLastPathComponent
        }
        return true
    }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
