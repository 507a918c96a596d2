public import HTTP

/// Everything a person can set, checked and complete.
public struct Settings: Sendable {
    public var nextcloud: Nextcloud
    public var stateDirectory: String
    public var transcription: Transcription
    public var observations: Observations
    /// How long a stopping daemon may finish what is in flight.
    public var stopGrace: Duration
    /// The address of the status page.
    public var statusListen: String
    /// The least severe log line written: `trace`, `debug`, `info`, `notice`, `warning`, `error`.
    public var logLevel: String

    /// Where the scans are.
    public struct Nextcloud: Sendable {
        public var url: String
        public var user: String
        public var password: Secret
        /// The folder of the scans, below the user's files.
        public var root: String
        public var include: [String]
        public var exclude: [String]
        public var pollInterval: Duration
        public var walkInterval: Duration
        public var fullCheckInterval: Duration
        public var caFile: String?
        /// How long one side of a sheet waits for its other one.
        public var pairWait: Duration
        /// Bytes; larger files are left out, with a reason.
        public var maximumScanSize: Int
    }

    /// Which models read the sheets.
    public struct Transcription: Sendable {
        /// Labels, the primary first.
        public var models: [String]
        public var geminiKey: Secret?
        public var geminiBaseURL: String?
        public var openAIKey: Secret?
        public var openAIBaseURL: String?
        /// What may be spent in a month, `nil` where nobody said.
        public var monthlyBudget: Budget?
        /// Sheets asked of models at the same time; `nil` for what suits the engine.
        public var concurrency: Int?
        /// Requests to a model that may begin in a minute, where that is known; `nil`: it is found out.
        public var requestsPerMinute: Int?
        public var engines: [String: Engine]
        /// Whether models that can be asked in batches are: half the price, an answer within a day.
        public var usesBatch = false
    }

    /// A limit to spending.
    public enum Budget: Sendable, Hashable {
        case unlimited
        case sum(Double)
    }

    /// Where the observations are recorded.
    public enum Observations: Sendable, Hashable {
        /// In a file of the state folder.
        case sqlite
        case mariaDB(host: String, port: Int, name: String, user: String, password: Secret)

        /// The place, in words, without the password.
        public var home: String {
            switch self {
            case .sqlite: "sqlite"
            case .mariaDB(let host, let port, let name, _, _): "mariadb://\(host):\(port)/\(name)"
            }
        }
    }
}
