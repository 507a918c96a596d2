import GRDB
import HarnessSupport
import NextcloudStandIn
import TestSupport

/// What the program works with: a server with scans, a folder for its state, its settings.
struct Surroundings: Sendable {
    static let root = "Observations Média"
    static let results = root + "/transcription_results"
    /// The time for which a run may leave the results unlooked at after it wrote there.
    static let walkInterval = Duration.milliseconds(100)
    private static let account = Account(
        user: "robin@example.org", password: "Geheim:wort/42+é", userID: "robin", displayName: "Robin")

    let cloud: NextcloudStandIn
    let folder: TemporaryDirectory
    /// Where the observations are, unless in the state folder.
    let mariaDB: MariaDBServer.Database?

    /// The disk of the state, where it is one of its own.
    let disk: CrashDisk?

    var state: String { folder.file("disk/state") }

    init(usesMariaDB: Bool = false, hasDisk: Bool = false) async throws {
        folder = try TemporaryDirectory()
        disk = hasDisk ? CrashDisk(at: folder.file("disk")) : nil
        cloud = try NextcloudStandIn(store: folder.file("nextcloud"), accounts: [Self.account])
        try cloud.makeCollection(Self.root)
        mariaDB = usesMariaDB ? try await MariaDBServer.shared.createDatabase() : nil
        try await cloud.start()
    }

    /// The program's whole environment, as arguments of `env`.
    func variables(modelURL: String, key: String) -> [String] {
        [
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(folder.path)",
            "NIDS_NEXTCLOUD_URL=\(cloud.url)", "NIDS_NEXTCLOUD_USER=\(Self.account.user)",
            "NIDS_NEXTCLOUD_PASSWORD=\(Self.account.password)", "NIDS_NEXTCLOUD_ROOT=\(Self.root)",
            "NIDS_NEXTCLOUD_POLL_INTERVAL=200ms", "NIDS_NEXTCLOUD_WALK_INTERVAL=\(Self.walkInterval.milliseconds)ms",
            "NIDS_STATE_DIRECTORY=\(state)",
            "NIDS_TRANSCRIPTION_CONCURRENCY=2", "NIDS_TRANSCRIPTION_MONTHLY_BUDGET=unlimited",
            "GEMINI_API_KEY=\(key)", "NIDS_TRANSCRIPTION_GEMINI_BASE_URL=\(modelURL)",
        ] + (mariaDB.map(Self.variables) ?? [])
    }

    private static func variables(_ database: MariaDBServer.Database) -> [String] {
        [
            "DB_HOST=\(database.host)", "DB_PORT=\(database.port)", "DB_NAME=\(database.name)",
            "DB_USER=\(database.user)", "DB_PASSWORD=\(database.password)",
        ]
    }

    /// The results' paths in the account, the claim not among them.
    func resultPaths() throws -> [String] {
        try cloud.paths(below: Self.results).filter { !$0.hasSuffix("/") && !$0.hasSuffix("/.nids-sync.json") }
    }

    /// Reads one of the databases in the state folder, only while the program does not run.
    func reading<Value>(_ name: String, _ body: (Database) throws -> Value) throws -> Value? {
        try DatabaseCopy.reading(state + "/" + name, body)
    }
}
