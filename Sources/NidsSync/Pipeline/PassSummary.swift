public import Transcriber

/// The deeds of a pass, as `--json` prints them.
public struct PassSummary: Sendable {
    /// A sheet that failed, or was left as it is, and why.
    public struct Failure: Sendable, Hashable {
        public var path: String
        public var model: String
        public var reason: String
    }

    /// A sheet that waits, and why.
    public struct WaitingSheet: Sendable, Hashable {
        public var path: String
        public var model: String
        public var reason: String
        /// Since when, ISO 8601 in Universal Time; `nil` where it is not known.
        public var since: String?
    }

    /// A scan that stands by.
    public struct Variant: Sendable, Hashable {
        public var path: String
        /// The scan that is read in its place.
        public var readPath: String
    }

    /// Scans that are there and are worked on.
    public var discovered = 0
    /// Answers that models gave in this pass.
    public var transcribed = 0
    /// Results found in Nextcloud and taken over.
    public var adopted = 0
    /// Results uploaded in this pass.
    public var published = 0
    /// Readings recorded in this pass.
    public var recorded = 0
    /// Readings of scans that are gone, withdrawn in this pass.
    public var withdrawn = 0
    /// Sheets that failed in this pass.
    public var failures: [Failure] = []
    /// Sheets where something was left as it is, with the reason.
    public var notes: [Failure] = []
    /// Sheets that wait: for a retry, a model, `--limit`.
    public var waiting = 0
    /// Sheets that wait for something other than their turn, those that wait longest first.
    public var waitingSheets: [WaitingSheet] = []
    /// The reasons why sheets wait, where it is more than a retry.
    public var waitingFor: [String] = []
    /// Sheets that were done before this pass, those whose result a person deleted apart.
    public var unchanged = 0
    /// Sheets whose result a person deleted: it is not brought back.
    public var deleted = 0
    /// Files that are left out, by reason.
    public var leftOut: [(reason: String, count: Int)] = []
    /// The files that are left out by name, no more than a thousand for a reason.
    public var leftOutScans: [Failure] = []
    /// Scans that stand by, since another preparation of their sheet is read.
    public var variants = 0
    /// These scans by name, a thousand at most.
    public var variantScans: [Variant] = []
    /// Sheets that failed in an earlier pass and have not changed since.
    public var failedBefore = 0
    public var httpRequests = 0
    public var duration: Duration = .zero
    public var isDryRun = false
    /// The reason why the pass ended early, in words.
    public var problem: String?
    public var status: ExitStatus = .success

    public init() {}

    /// The summary of a pass that an error ended.
    public init(problem: String, status: ExitStatus) {
        self.problem = problem
        self.status = status
    }

    /// The one object that `--json` prints.
    public var json: JSONValue {
        [
            "discovered": .integer(discovered),
            "transcribed": .integer(transcribed),
            "adopted": .integer(adopted),
            "published": .integer(published),
            "recorded": .integer(recorded),
            "withdrawn": .integer(withdrawn),
            "failed": .integer(failures.count),
            "waiting": .integer(waiting),
            "unchanged": .integer(unchanged),
            "deleted": .integer(deleted),
            "failed_before": .integer(failedBefore),
            "left_out": .object(JSONObject(leftOut.map { ($0.reason, .integer($0.count)) })),
            "left_out_scans": .array(
                leftOutScans.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
            "variants": .integer(variants),
            "variant_scans": .array(
                variantScans.map { ["path": .string($0.path), "variant_of": .string($0.readPath)] }),
            "http_requests": .integer(httpRequests),
            "duration_ms": .integer(Int(duration.seconds * 1000)),
            "dry_run": .bool(isDryRun),
            "failures": .array(failures.map(Self.json)),
            "notes": .array(notes.map(Self.json)),
            "waiting_for": .array(waitingFor.map(JSONValue.string)),
            "waiting_sheets": .array(
                waitingSheets.map {
                    [
                        "path": .string($0.path), "model": .string($0.model), "reason": .string($0.reason),
                        "since": JSONValue($0.since),
                    ]
                }),
            "error": JSONValue(problem),
            "exit_status": .integer(Int(status.rawValue)),
        ]
    }

    private static func json(_ failure: Failure) -> JSONValue {
        ["path": .string(failure.path), "model": .string(failure.model), "reason": .string(failure.reason)]
    }
}
