import FlyingFox
import Foundation

/// Batch mode (https://ai.google.dev/gemini-api/docs/batch-api): a batch is an operation whose metadata tell how it is.
struct BatchHandler {
    let state: StandInState
    let configuration: StandInConfiguration

    /// Requests inside the request itself may be so large.
    private static let inlineLimit = 20_000_000

    /// Makes a batch.
    ///
    /// - Throws: ``GoogleFault``, or what the disk throws.
    func create(model: String, _ body: [UInt8]) async throws -> HTTPResponse {
        try GeminiRules(configuration).check(model: model)
        let now = configuration.clock()
        guard let json = LeanJSON(body), let document = json.root as? [String: Any],
            let batch = document["batch"] as? [String: Any]
        else { throw GoogleFault.invalidArgument("* BatchGenerateContentRequest.batch: batch is not specified\n") }
        let fields = try MessageFields(batch, at: "batch", of: .batch)
        let config = fields["inputConfig"] as? [String: Any] ?? [:]
        var input: String
        var inputFile: String?
        if let name = (config["fileName"] ?? config["file_name"]) as? String {
            guard let file = state.files.file(name, at: now) else { throw GoogleFault.noSuchFile(name) }
            inputFile = name
            input = file.path
        } else if let list = (config["requests"] as? [String: Any])?["requests"] as? [[String: Any]], !list.isEmpty {
            guard body.count < Self.inlineLimit else {
                throw GoogleFault.invalidArgument("Request payload size exceeds the limit: 20971520 bytes.")
            }
            input = try inlineInput(body)
        } else {
            throw GoogleFault.invalidArgument("* BatchGenerateContentRequest.batch.input_config: no input\n")
        }
        let name = "batches/" + state.files.newID()
        state.batches.add(
            BatchStore.Entry(
                batch: ModelBatch(
                    name: name, model: model, displayName: fields["displayName"] as? String ?? "",
                    inputFile: inputFile, created: now, state: .pending), input: input))
        return try .json(try operation(name))
    }

    /// The requests that came inside a request, as a file of lines: read without short cuts, for they are small.
    private func inlineInput(_ body: [UInt8]) throws -> String {
        let document = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        let batch = document?["batch"] as? [String: Any]
        let config = (batch?["inputConfig"] ?? batch?["input_config"]) as? [String: Any]
        let list = (config?["requests"] as? [String: Any])?["requests"] as? [[String: Any]] ?? []
        let path = try state.files.newPath()
        let lines = list.map { item in
            JSONText.sorted([
                "request": item["request"] ?? [String: String](), "metadata": item["metadata"] ?? [String: String](),
            ])
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    /// Everything else about batches.
    ///
    /// - Throws: ``GoogleFault``, or what the disk throws.
    func answer(_ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        switch route {
        case .batch(let name):
            try await advance(name)
            return try .json(try operation(name))
        case .cancelBatch(let name):
            try await advance(name)
            let known: Void? = state.batches.update(name) { if !$0.batch.state.isDone { $0.batch.state = .cancelled } }
            guard known != nil else { throw GoogleFault.notFound("\(name) is not found.") }
            return try .json([:])
        case .deleteBatch(let name):
            guard state.batches.delete(name) else { throw GoogleFault.notFound("\(name) is not found.") }
            return try .json([:])
        default:
            for entry in state.batches.all { try await advance(entry.batch.name) }
            let size = min(max(request.query["pageSize"].flatMap { Int($0) } ?? 50, 1), 100)
            let all = state.batches.all
            let start = min(request.query["pageToken"].flatMap { Int($0) } ?? 0, all.count)
            let end = min(start + size, all.count)
            var document: [String: any Sendable] = [
                "operations": try all[start..<end].map { try operation($0.batch.name) }
            ]
            if end < all.count { document["nextPageToken"] = String(end) }
            return try .json(document)
        }
    }

    /// Brings a batch to where it is by now.
    private func advance(_ name: String) async throws {
        let now = configuration.clock()
        let due = state.batches.update(name) { entry -> BatchStore.Entry? in
            guard !entry.batch.state.isDone, !entry.isBeingDone else { return nil }
            let age = now.timeIntervalSince(entry.batch.created)
            if age > 0 || configuration.batchDuration == 0 { entry.batch.state = .running }
            guard age >= configuration.batchDuration else { return nil }
            entry.isBeingDone = true
            return entry
        }
        guard let entry = due ?? nil else { return }
        let outcome = configuration.batchOutcome(entry.batch)
        switch outcome {
        case .failed(let fault):
            finish(name, .failed) { $0.fault = fault }
        case .expired:
            finish(name, .expired) { _ in }
        case .succeeded:
            try await answerLines(entry)
        }
    }

    private func finish(_ name: String, _ end: ModelBatchState, _ change: (inout BatchStore.Entry) -> Void) {
        _ = state.batches.update(name) { entry in
            change(&entry)
            entry.isBeingDone = false
            if !entry.batch.state.isDone { entry.batch.state = end }
        }
    }

    private func answerLines(_ entry: BatchStore.Entry) async throws {
        let isFile = entry.batch.inputFile != nil
        let path = try state.files.newPath()
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let output = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? output.close() }
        let lines = BatchLineAnswerer(state: state, configuration: configuration)
        var reader = try LineReader(path: entry.input)
        var results: [[String: any Sendable]] = []
        var count = 0
        var failed = 0
        while let line = try reader.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
            count += 1
            let result = await lines.result(of: line, model: entry.batch.model)
            if result.isFailure { failed += 1 }
            if isFile {
                if let text = result.line { try output.write(contentsOf: Data((text + "\n").utf8)) }
            } else if let document = result.document {
                results.append(document)
            }
        }
        let size = Int(try output.offset())
        let now = configuration.clock()
        let file = StoredFile(
            name: "files/batch-" + state.files.newID(), displayName: nil, mimeType: "application/jsonl", size: size,
            sha256: "", head: [], path: path, created: now, ready: now, isGenerated: true)
        if isFile { state.files.add(file) }
        finish(entry.batch.name, .succeeded) {
            $0.batch.requestCount = count
            $0.batch.failedCount = failed
            $0.batch.resultFile = isFile ? file.name : nil
            $0.results = isFile ? nil : results
        }
    }

    /// An operation (`google.longrunning.Operation`) as the API writes a batch.
    private func operation(_ name: String) throws(GoogleFault) -> [String: any Sendable] {
        guard let entry = state.batches.entry(name) else { throw .notFound("\(name) is not found.") }
        let batch = entry.batch
        let metadataType = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"
        var metadata: [String: any Sendable] = [
            "@type": metadataType, "model": "models/\(batch.model)", "displayName": batch.displayName,
            "createTime": Timestamp.text(batch.created), "updateTime": Timestamp.text(batch.created),
            "state": batch.state.rawValue, "name": batch.name,
            "inputConfig": batch.inputFile.map { ["fileName": $0] } ?? [String: String](),
            "batchStats": batch.state.isDone
                ? [
                    "requestCount": String(batch.requestCount),
                    "successfulRequestCount": String(batch.requestCount - batch.failedCount),
                    "failedRequestCount": String(batch.failedCount),
                ] : ["requestCount": "0"],
        ]
        var operation: [String: any Sendable] = ["name": batch.name]
        var output: [String: any Sendable] = [:]
        if let file = batch.resultFile { output["responsesFile"] = file }
        if let results = entry.results { output["inlinedResponses"] = ["inlinedResponses": results] }
        if !output.isEmpty {
            metadata["output"] = output
            operation["response"] = output.merging([
                "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatchOutput"
            ]) { old, _ in old }
        }
        operation["metadata"] = metadata
        if batch.state.isDone { operation["done"] = true }
        if let fault = entry.fault { operation["error"] = fault.rpcStatus }
        return operation
    }
}
