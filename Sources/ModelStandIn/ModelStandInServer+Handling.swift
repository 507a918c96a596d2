import FlyingFox
import Foundation
import Synchronization

extension ModelStandInServer {
    func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        let configuration = configuration
        let path = request.target.path()
        let incoming = Incoming(
            method: request.method.rawValue, path: path,
            uploadCommand: request.headers[HTTPHeader("X-Goog-Upload-Command")])
        let key = request.headers[HTTPHeader("x-goog-api-key")] ?? request.query["key"]
        let route = Route(
            method: incoming.method, path: path, uploadID: request.query["upload_id"], isGoogles: key != nil)
        var response: HTTPResponse
        if let answer = await configuration.intercept(incoming) {
            try await request.drain()
            response = try await answer.response(route.api)
        } else {
            do {
                response = try await respond(to: request, route, key: key, configuration)
                if let other = await configuration.replace(incoming) { response = try await other.response(route.api) }
            } catch let fault as GoogleFault {
                state.withLock { $0.rejected += 1 }
                response = try await Answer.fault(fault).response(route.api)
            }
        }
        response.headers[.date] = HTTPDateText.string(from: configuration.clock())
        response.headers[HTTPHeader("Server")] = "model-stand-in"
        return response
    }

    private func respond(
        to request: HTTPRequest, _ route: Route, key: String?, _ configuration: Configuration
    ) async throws -> HTTPResponse {
        switch route {
        case .continueUpload(let id):
            return try await continueUpload(id, request, configuration)
        case .generateContent, .chat:
            let call = try await receive(request, route, key: key, configuration)
            try await Task.sleep(for: configuration.latency)
            return try await self.response(to: call, configuration)
        default:
            let body = try await request.wholeBody()
            try check(request, route, key: key, configuration)
            return try await respond(to: request, body, route, configuration)
        }
    }

    /// Reads a request for an answer, and counts it; in a function of its own, so that its body is gone while the
    /// answer takes its time.
    private func receive(
        _ request: HTTPRequest, _ route: Route, key: String?, _ configuration: Configuration
    ) async throws -> Call {
        // Read in any case: what is left of a body would be taken for the next request.
        let body = try await request.wholeBody()
        try check(request, route, key: key, configuration)
        let call: Call
        if case .generateContent(let model) = route {
            try check(model: model, configuration)
            guard let json = LeanJSON(body), let document = json.root as? [String: Any] else {
                throw GoogleFault.invalidArgument("Invalid JSON payload received. Unexpected token.\n^")
            }
            call = try GenerateContentRequest(model: model, document, in: json, surroundings(configuration)).call
        } else {
            call = try ChatRequest(body, configuration).call
            try check(chatModel: call.model, configuration)
        }
        try take(call, configuration)
        return call
    }

    private func response(to call: Call, _ configuration: Configuration) async throws -> HTTPResponse {
        let answer = await configuration.answer(call)
        switch call.api {
        case .gemini:
            return try await answer.completed(for: call).response(.gemini)
        case .openAI:
            let created = Int(configuration.clock().timeIntervalSince1970)
            return try await answer.completedChat(for: call, created: created, chat: configuration.chat).response(
                .openAI)
        }
    }

    private func respond(
        to request: HTTPRequest, _ body: [UInt8], _ route: Route, _ configuration: Configuration
    ) async throws -> HTTPResponse {
        switch route {
        case .models:
            return try .json(["models": configuration.models.map(Self.describe)])
        case .model(let name):
            try check(model: name, configuration)
            return try .json(Self.describe(name))
        case .startUpload:
            return try startUpload(request, body, configuration)
        case .files, .file, .deleteFile, .download:
            return try await files(route, configuration)
        case .createBatch(let name):
            return try await createBatch(model: name, body, configuration)
        case .batches, .batch, .cancelBatch, .deleteBatch:
            return try await batches(route, request, configuration)
        case .chatModels:
            return try .json(["object": "list", "data": configuration.models.map(Self.describeForChat)])
        case .chatModel(let name):
            try check(chatModel: name, configuration)
            return try .json(Self.describeForChat(name))
        case .generateContent, .chat, .continueUpload, .unknown:
            throw GoogleFault.notFound("\(request.method.rawValue) \(request.target.path())")
        }
    }

    private func check(
        _ request: HTTPRequest, _ route: Route, key: String?, _ configuration: Configuration
    ) throws(GoogleFault) {
        if route.api == .openAI {
            try check(bearer: request.headers[HTTPHeader("Authorization")], configuration)
        } else {
            try check(key: key, configuration)
        }
    }

    func surroundings(_ configuration: Configuration) -> GenerateContentRequest.Surroundings {
        .init(files: files, keepsData: configuration.keptBytes > 0, now: configuration.clock())
    }

    func check(model name: String, _ configuration: Configuration) throws(GoogleFault) {
        guard configuration.models.contains(name) else {
            throw .notFound(
                "models/\(name) is not found for API version v1beta, or is not supported for generateContent. "
                    + "Call ListModels to see the list of available models and their supported methods.")
        }
    }

    private func check(key: String?, _ configuration: Configuration) throws(GoogleFault) {
        guard let key else { throw .missingKey }
        guard configuration.apiKeys.isEmpty || configuration.apiKeys.contains(key) else { throw .invalidKey }
    }

    /// Counts a request, or refuses it where a quota is used up.
    func take(_ call: Call, _ configuration: Configuration) throws(GoogleFault) {
        let exceeded = state.withLock { state -> Quotas.Exceeded? in
            let exceeded = state.quotas.take(
                at: configuration.clock(), perMinute: configuration.quotaPerMinute, configuration.quotaKind,
                perDay: configuration.quotaPerDay)
            if exceeded == nil { state.log.append(call, keeping: configuration.keptBytes) }
            return exceeded
        }
        guard let exceeded else { return }
        throw call.api == .openAI ? .chatQuota(exceeded, model: call.model) : .quota(exceeded, model: call.model)
    }

    /// Notes the line of a batch, which quotas of requests do not count.
    func note(_ call: Call, _ configuration: Configuration) {
        state.withLock { $0.log.append(call, keeping: configuration.keptBytes) }
    }

    private static func describe(_ model: String) -> [String: any Sendable] {
        [
            "name": "models/\(model)", "version": "001", "displayName": model, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent", "countTokens"],
        ]
    }
}

extension GoogleFault {
    static func quota(_ exceeded: Quotas.Exceeded, model: String) -> GoogleFault {
        // Google names a short delay for the quota of the day too, which is why the quota's id has to be looked at.
        .quotaExceeded(
            quotaIDs: [
                exceeded.isDaily
                    ? "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
                    : "GenerateRequestsPerMinutePerProjectPerModel"
            ], limit: exceeded.limit, model: model, retryDelay: "\(Self.seconds(exceeded.wait))s")
    }

    /// With nine digits at most, as Protocol Buffers' JSON form has them.
    private static func seconds(_ wait: Double) -> String {
        wait == wait.rounded() ? String(Int(wait)) : String(format: "%.9f", wait)
    }
}

extension HTTPRequest {
    func wholeBody() async throws -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(min(bodySequence.count ?? 0, 256 << 20))
        for try await chunk in bodySequence { body += chunk }
        return body
    }

    func drain() async throws {
        for try await _ in bodySequence {}
    }
}

extension HTTPResponse {
    static func json(_ document: [String: any Sendable], status: Int = 200) throws -> HTTPResponse {
        let body = try JSONSerialization.data(
            withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: status == 200 ? "OK" : "Error"),
            headers: [.contentType: "application/json; charset=UTF-8"], body: body)
    }
}
