extension GeminiBatch {
    /// A batch as Google tells of it.
    public struct Job: Sendable, Hashable {
        /// `batches/abc`.
        public var name: String
        /// The name that we gave it.
        public var displayName: String
        public var state: State
        /// Where its requests came from: `files/abc`.
        public var inputFile: String?
        /// Where its results lie, once it has succeeded.
        public var resultFile: String?
        /// The number of its requests, as far as Google tells.
        public var requestCount: Int
        public var succeededCount: Int
        public var failedCount: Int
        /// The reason for having no results, once it has ended without.
        public var failure: TranscriptionError?
    }

    /// `BatchState` (https://ai.google.dev/api/batch-api).
    public enum State: Sendable, Hashable {
        case pending
        case running
        /// There are results; each of its requests may still have failed by itself.
        case succeeded
        case failed
        case cancelled
        /// It was pending or running for more than 48 hours; there are no results.
        case expired
        /// One that is not known here: not ended, to be looked at again.
        case other(String)

        init(_ text: String) {
            // The client libraries call them JOB_STATE_…
            switch text.split(separator: "_", maxSplits: 2).last {
            case "PENDING", "QUEUED": self = .pending
            case "RUNNING", "UPDATING", "CANCELLING": self = .running
            case "SUCCEEDED", "PARTIALLY_SUCCEEDED": self = .succeeded
            case "FAILED": self = .failed
            case "CANCELLED": self = .cancelled
            case "EXPIRED": self = .expired
            default: self = .other(text)
            }
        }

        /// True when it stays as it is.
        public var isFinal: Bool {
            switch self {
            case .pending, .running, .other: false
            case .succeeded, .failed, .cancelled, .expired: true
            }
        }
    }
}

extension GeminiBatch.Job {
    /// Reads an operation whose metadata are a batch.
    init?(_ operation: JSONValue, redacting key: APIKey) {
        let metadata = operation["metadata"]
        guard let name = operation["name"]?.string ?? metadata?["name"]?.string, name.hasPrefix("batches/") else {
            return nil
        }
        let output = metadata?["output"] ?? operation["response"]
        let stats = metadata?["batchStats"]
        func count(_ name: String) -> Int { ForeignCount(stats?[name])?.value ?? 0 }
        self.name = name
        displayName = metadata?["displayName"]?.string ?? ""
        state = GeminiBatch.State(metadata?["state"]?.string ?? "")
        inputFile = metadata?["inputConfig"]?["fileName"]?.string
        resultFile = output?["responsesFile"]?.string
        requestCount = count("requestCount")
        succeededCount = count("successfulRequestCount")
        failedCount = count("failedRequestCount")
        failure = nil
        switch state {
        case .failed:
            failure =
                operation["error"].map { GeminiFault(status: $0, redacting: key).error(formIsKnownGood: false) }
                ?? .unavailable(reason: "Gemini's batch failed", retryAfter: nil, mayHaveBeenBilled: false)
        case .cancelled:
            failure = .unavailable(reason: "Gemini's batch was cancelled", retryAfter: nil, mayHaveBeenBilled: true)
        case .expired:
            failure = .unavailable(
                reason: "Gemini's batch was not done within 48 hours", retryAfter: nil, mayHaveBeenBilled: false)
        case .succeeded where resultFile == nil:
            failure = .unavailable(
                reason: "Gemini's batch has no results", retryAfter: nil, mayHaveBeenBilled: true)
        default: break
        }
    }
}
