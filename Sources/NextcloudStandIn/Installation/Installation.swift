import Synchronization

/// The installation that is asked, by whatever connection: its files, accounts, conditions and logins.
final class Installation: Sendable {
    let tree: SharedTree
    /// As `status.php` gives it, four numbers.
    let version: String
    /// Nextcloud's installation id: the end of `OC-FileId`, and the name of the session cookie.
    let id: String
    let accounts: Mutex<[Account]>
    let conditions = Mutex(Conditions())
    let logins = Mutex(LoginFlows())
    /// The collections in which others are being made.
    let beingChanged = Mutex<Set<[String]>>([])
    /// `http://127.0.0.1:<port>` while it listens.
    let address = Mutex("")

    init(tree: SharedTree, accounts: [Account], version: String) {
        self.tree = tree
        self.version = version
        self.accounts = Mutex(accounts)
        id = tree.mutex.withLock { $0.instance }
    }

    /// The conditions that hold now.
    var present: Conditions { conditions.withLock { $0 } }

    /// Seconds since 1970, by the stand-in's own clock.
    var now: Int { present.stoppedClock ?? Identifiers.now() / 1_000_000_000 }

    /// `34.0.1` of `34.0.1.2`.
    var shortVersion: String { version.split(separator: ".").prefix(3).joined(separator: ".") }
}
