import GRDB

/// Single facts, each under a name.
struct MemoryTable {
    /// The name of a fact.
    enum Key: String, CaseIterable {
        /// The finding of `ServerProbe`, as JSON.
        case server
        /// The URL of the root collection in the server's spelling.
        case rootURL = "root_url"
        /// The root's file id: a folder of another id in its place is not the root.
        case rootID = "root_id"
        /// The collections in which external storages are mounted, one a line.
        case mounts
        /// The preconditions that the server honours, as JSON of `PreconditionSupport`.
        case preconditions
        /// Set once the results that no scan claims have been read for their contents.
        case strayResults = "stray_results"
        /// The settings that a run may not lose unnoticed, as JSON.
        case settings = "identity"
        /// This installation's id.
        case installation
        /// The folder in which this state lay when it last claimed the root.
        case directory
        /// The ETag of `.nids-sync.json` when we last read it as ours.
        case claim
        /// The time of the last look at everything, in seconds since 1970.
        case fullCheck = "full_check"
        /// The time since which our folder's ETags are believed that our own uploads explain, in seconds since 1970.
        case unverifiedResults = "unverified_results"
        /// The way in which folders' ETags tell of changes below, where that was found out.
        case propagation
        /// The models of which it is known whether a state of before has sent batches, with commas.
        case examinedBatches = "examined_batches"
        /// The collection that the server did not list with `Depth: infinity`.
        case treeRefused = "tree_refused"
        /// The provider's model that each label means, as JSON.
        case providerModels = "provider_models"
        /// The number of the last look.
        case look
        /// The names of the folders of preparations by which scans are grouped, with slashes.
        case variants

        /// The facts that belong to one root of one server.
        static let ofRoot: [Key] = [
            .server, .rootURL, .rootID, .mounts, .preconditions, .strayResults, .claim, .fullCheck, .propagation,
            .treeRefused,
            .unverifiedResults,
        ]
    }

    let db: Database

    /// The fact of that name.
    func recall(_ key: Key) throws -> String? { try db.value("SELECT value FROM memory WHERE key = \(key.rawValue)") }

    func remember(_ key: Key, _ value: String) throws {
        try db.change(
            """
            INSERT INTO memory (key, value) VALUES (\(key.rawValue), \(value))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }

    func forget(_ key: Key) throws { try db.change("DELETE FROM memory WHERE key = \(key.rawValue)") }

    /// Forgets the facts that belong to one root of one server.
    func forgetRoot() throws { for key in Key.ofRoot { try forget(key) } }
}
