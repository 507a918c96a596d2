import Foundation
public import HTTP
import HTTPTypes

/// Gemini's batch mode: half the price, done within 24 hours as a rule and given up after 48
/// (https://ai.google.dev/gemini-api/docs/batch-api, https://ai.google.dev/api/batch-api).
///
/// In this order: write the requests into a `GeminiBatchFile`, store a display name of our own, look for that name
/// with `jobs(displayName:)`, and only where there is none `upload` and `create`; poll `job(_:)`; when it has ended,
/// `results(of:through:_:)`, then `deleteFiles(of:)`. So a process that dies at any instant pays for nothing twice.
public struct GeminiBatch: Sendable {
    /// The results of a batch are kept for 48 hours, and are gone.
    public struct ResultsGone: Error {}

    /// Results are text: more than that for 2 GB of requests is not believed.
    private static let resultLimit = 4 << 30
    private static let pageSize = 100
    /// A list of more pages does not end.
    private static let mostPages = 10_000

    /// The provider's id of the model.
    public let model: String
    private let transport: GeminiTransport
    private let files: GeminiFiles

    /// A client for the batches of one model; parameters as for `GeminiEngine`.
    public init(
        model: String, apiKey: String, baseURL: String = GeminiEngine.defaultBaseURL, client: HTTPClient,
        options: GeminiEngine.Options = .init()
    ) {
        self.model = model
        transport = GeminiTransport(
            client: client, key: APIKey(apiKey), baseURL: baseURL, timeouts: options.timeouts)
        files = GeminiFiles(transport: transport, pollInterval: options.pollInterval)
    }

    /// A client for the batches of an engine's model.
    public init(_ engine: GeminiEngine) {
        model = engine.model
        transport = engine.transport
        files = GeminiFiles(transport: transport, pollInterval: engine.options.pollInterval)
    }

    /// Sends the file of requests to Google, straight from the disk, and gives its name there (`files/abc`), under
    /// which it is kept for 48 hours.
    /// - Throws: `TranscriptionError`.
    public func upload(_ path: String, displayName: String) async throws(TranscriptionError) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue, size > 0 else {
            throw .unavailable(reason: "the file of a batch is gone", retryAfter: nil, mayHaveBeenBilled: false)
        }
        return try await files.upload(path, size: size, type: "application/jsonl", displayName: displayName).name
    }

    /// Begins a batch. Google does not refuse a second one of the same display name: look for the name first.
    /// - Throws: `TranscriptionError`; `.unavailable` with `mayHaveBeenBilled` means that it may have begun.
    public func create(inputFile: String, displayName: String) async throws(TranscriptionError) -> Job {
        let body: JSONValue = [
            "batch": [
                "display_name": .string(displayName), "input_config": ["file_name": .string(inputFile)],
            ]
        ]
        let reply = try await transport.reply(
            .post, transport.url(GeminiTransport.modelPath(model) + ":batchGenerateContent"),
            headers: [.contentType: "application/json"], body: .text(body.serialized(.canonical)))
        guard reply.status == 200 else {
            throw GeminiFault(reply, redacting: transport.key).error(formIsKnownGood: false)
        }
        guard let job = (try? JSONValue(parsing: reply.body)).flatMap({ Job($0, redacting: transport.key) }) else {
            throw .unavailable(
                reason: "the server answered something that is not Gemini's: check the base URL", retryAfter: nil,
                mayHaveBeenBilled: true)
        }
        return job
    }

    /// A batch as it is now; `nil` when there is none of that name (any more).
    /// - Throws: `TranscriptionError`.
    public func job(_ name: String) async throws(TranscriptionError) -> Job? {
        let reply = try await transport.freeReply(.get, transport.url(name))
        if reply.status == 404 { return nil }
        guard reply.status == 200 else {
            throw GeminiFault(reply, redacting: transport.key).error(formIsKnownGood: false).free
        }
        guard let job = (try? JSONValue(parsing: reply.body)).flatMap({ Job($0, redacting: transport.key) }) else {
            throw .unavailable(
                reason: "the server answered something that is not Gemini's: check the base URL", retryAfter: nil,
                mayHaveBeenBilled: false)
        }
        return job
    }

    /// The batches of that display name, the newest first: where there are several, one too many was made.
    /// - Throws: `TranscriptionError`.
    public func jobs(displayName: String) async throws(TranscriptionError) -> [Job] {
        try await jobs { $0 == displayName }
    }

    /// The batches whose display names begin so, the newest first.
    /// - Throws: `TranscriptionError`.
    public func jobs(withPrefix prefix: String) async throws(TranscriptionError) -> [Job] {
        try await jobs { $0.hasPrefix(prefix) }
    }

    /// Google offers no filter, so that all are listed, page by page.
    private func jobs(_ isMeant: (String) -> Bool) async throws(TranscriptionError) -> [Job] {
        var found: [Job] = []
        var page = ""
        var pages = 0
        repeat {
            pages += 1
            let token = page.isEmpty ? "" : "&pageToken=" + GeminiTransport.percentEncoded(page)
            let (document, _) = try await transport.document(
                .get, transport.url("batches?pageSize=\(Self.pageSize)\(token)"))
            found += (document["operations"]?.array ?? []).compactMap { Job($0, redacting: transport.key) }
                .filter { isMeant($0.displayName) }
            let next = document["nextPageToken"]?.string ?? ""
            if next == page || pages >= Self.mostPages { break }
            page = next
        } while !page.isEmpty
        return found
    }

    /// Asks that a batch be ended; what it has done by then may be billed.
    /// - Throws: `TranscriptionError`.
    public func cancel(_ name: String) async throws(TranscriptionError) {
        let reply = try await transport.freeReply(.post, transport.url(name + ":cancel"))
        guard (200..<300).contains(reply.status) || reply.status == 404 else {
            throw GeminiFault(reply, redacting: transport.key).error(formIsKnownGood: false).free
        }
    }

    /// Reads a batch's results, which are downloaded to `path` first; the file stays, for a restart.
    ///
    /// - Parameters:
    ///   - consume: is given each line's key, what came of it, and what was billed for it, an answer that is none
    ///     included; in no particular order. A key may come that was not
    ///     asked for, and one that was may be missing: then there is no result of it.
    /// - Returns: How many lines have no key, or are not JSON.
    /// - Throws: `ResultsGone` where they are not kept any more, `TranscriptionError`, or what `consume` throws.
    public func results(
        of job: Job, through path: String,
        _ consume: (String, Result<EngineAnswer, TranscriptionError>, TokenUsage?) async throws -> Void
    ) async throws -> Int {
        guard let file = job.resultFile else { throw job.failure ?? TranscriptionError.empty }
        let isThere = try await transport.download(
            transport.url(file + ":download?alt=media", prefix: "/download"), to: path, limit: Self.resultLimit)
        guard isThere else { throw ResultsGone() }
        var unreadable = 0
        let lines = try LineFile(path: path)
        while let line = try await lines.next() {
            guard let document = try? JSONValue(parsing: line), let key = document["key"]?.string else {
                unreadable += 1
                continue
            }
            let usage = document["response"].flatMap { GeminiAnswer($0, redacting: transport.key).usage }
            try await consume(key, result(document, of: job), usage)
        }
        return unreadable
    }

    /// Deletes a batch's files at Google's, which it keeps for 48 hours else; the batch itself stays, so that its name
    /// is found.
    /// - Throws: `TranscriptionError`.
    public func deleteFiles(of job: Job) async throws(TranscriptionError) {
        for file in [job.inputFile, job.resultFile].compactMap(\.self) { try await files.delete(file) }
    }

    /// Deletes a file at Google's: one uploaded for a batch that was then not made.
    /// - Throws: `TranscriptionError`.
    public func deleteFile(_ name: String) async throws(TranscriptionError) { try await files.delete(name) }

    /// Forgets a batch.
    /// - Throws: `TranscriptionError`.
    public func delete(_ name: String) async throws(TranscriptionError) { try await files.delete(name) }

    private func result(_ document: JSONValue, of job: Job) -> Result<EngineAnswer, TranscriptionError> {
        // Some lines say what is wrong as a status of their own, not under "error".
        if let error = document["error"] ?? document["status"] {
            let fault = GeminiFault(status: error, redacting: transport.key)
            return .failure(fault.error(formIsKnownGood: job.succeededCount > 0))
        }
        guard let response = document["response"] else { return .failure(.empty) }
        do throws(TranscriptionError) {
            return .success(try GeminiAnswer(response, redacting: transport.key).engineAnswer(model: model))
        } catch {
            return .failure(error)
        }
    }
}
