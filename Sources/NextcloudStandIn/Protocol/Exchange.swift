/// A request about somebody's files, of somebody who has logged in.
struct Exchange {
    let request: Request
    let target: DAVTarget
    let account: Account
    /// The conditions of that moment.
    let conditions: Conditions
    let version: String

    /// True for Nextcloud 31 and later.
    var makesMissingCollections: Bool {
        let major = version.prefix { $0 != "." }
        return (Int(major) ?? 0) > 30 && request["X-NC-WebDAV-Auto-Mkcol"] == "1"
    }
}
