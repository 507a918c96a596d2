public import HTTP

/// Everything a person can set, checked and complete.
public struct Settings: Sendable {
    public var nextcloud: Nextcloud
    public var stateDirectory: String
    public var transcription: Transcription
    public var observations: Observations
    public var reference: Reference
    /// The time that a stopping daemon has to finish what is in flight.
    public var stopGrace: Duration
    /// The address of the status page.
    public var statusListen: String
    /// The least severe log line written: `trace`, `debug`, `info`, `notice`, `warning`, `error`.
    public var logLevel: String

    /// The server, the account and the folder of the scans.
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
        /// The time that one side of a sheet waits for its other one.
        public var pairWait: Duration
        /// The names of folders that hold preparations of the same sheets, the preferred one first; none: each is read.
        public var variants: [String]
        /// Bytes; larger files are left out, with a reason.
        public var maximumScanSize: Int

        /// The longest time in seconds for which a sheet is held: for its other side, or until it is known whose a name is.
        var longestHold: Double { max(pairWait.seconds, 60) }
    }

    /// The models that read the sheets.
    public struct Transcription: Sendable {
        /// Labels, the primary first.
        public var models: [String]
        public var geminiKey: Secret?
        public var geminiBaseURL: String?
        public var openAIKey: Secret?
        public var openAIBaseURL: String?
        /// US dollars that may be spent in a month, `nil` where nobody set a limit.
        public var monthlyBudget: Budget?
        /// Sheets asked of models at the same time; `nil`: as many as suit the engine.
        public var concurrency: Int?
        /// Requests to a model that may begin in a minute, where that is known; `nil`: it is found out.
        public var requestsPerMinute: Int?
        public var engines: [String: Engine]
        /// True where models that can be asked in batches are: half the price, an answer within a day.
        public var usesBatch = false
    }

    /// The lists that names on sheets are looked up in.
    public struct Reference: Sendable, Hashable {
        /// A list of species in the place of the program's own.
        public var speciesFile: String?
        /// A list of communes.
        public var communesFile: String?
        /// Whether the lists of the Django application in the same database serve instead.
        public var takesDjangoLists = false

        public init(speciesFile: String? = nil, communesFile: String? = nil, takesDjangoLists: Bool = false) {
            self.speciesFile = speciesFile
            self.communesFile = communesFile
            self.takesDjangoLists = takesDjangoLists
        }
    }

    /// A limit to spending.
    public enum Budget: Sendable, Hashable {
        case unlimited
        case sum(Double)
    }
}
