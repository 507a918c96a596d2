import FlyingFox
import Foundation

/// Answers a request of either protocol.
struct RequestHandler {
    let state: StandInState
    let configuration: StandInConfiguration

    init(_ state: StandInState) {
        self.state = state
        configuration = state.configuration
    }

    /// The answer; faults become answers in the form of the protocol that was spoken.
    ///
    /// - Throws: what the connection throws while the body is read, and `CancellationError`.
    func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.target.path()
        let incoming = IncomingRequest(
            method: request.method.rawValue, path: path, uploadCommand: request[header: "X-Goog-Upload-Command"])
        let key = request[header: "x-goog-api-key"] ?? request.query["key"]
        let route = Route(
            method: incoming.method, path: path, uploadID: request.query["upload_id"], isGoogles: key != nil)
        var response: HTTPResponse
        if let answer = await configuration.intercept(incoming) {
            try await request.drain()
            response = try await answer.response(route.api)
        } else {
            do {
                response = try await respond(to: request, route, key: key)
                if let other = await configuration.replace(incoming) { response = try await other.response(route.api) }
            } catch let fault as GoogleFault {
                state.countRejection()
                response = try await ModelAnswer.fault(fault).response(route.api)
            }
        }
        response.headers[.date] = HTTPDateText.string(from: configuration.clock())
        response.headers[HTTPHeader("Server")] = "model-stand-in"
        return response
    }

    private func respond(to request: HTTPRequest, _ route: Route, key: String?) async throws -> HTTPResponse {
        switch route {
        case .continueUpload(let id):
            return try await FileHandler(state: state, configuration: configuration).continueUpload(id, request)
        case .generateContent, .chat:
            let call = try await receive(request, route, key: key)
            try await Task.sleep(for: configuration.latency)
            return try await response(to: call)
        default:
            let body = try await request.wholeBody()
            try check(request, route, key: key)
            return try await respond(to: request, body, route)
        }
    }

    /// Reads a request for an answer, and counts it; in a function of its own, so that its body is gone while the
    /// answer takes its time.
    private func receive(_ request: HTTPRequest, _ route: Route, key: String?) async throws -> ModelCall {
        // Read in any case: what is left of a body would be taken for the next request.
        let body = try await request.wholeBody()
        try check(request, route, key: key)
        let call: ModelCall
        if case .generateContent(let model) = route {
            try GeminiRules(configuration).check(model: model)
            guard let json = LeanJSON(body), let document = json.root as? [String: Any] else {
                throw GoogleFault.invalidArgument("Invalid JSON payload received. Unexpected token.\n^")
            }
            call = try GenerateContentRequest(
                model: model, document, in: json, .init(files: state.files, configuration)
            ).call
        } else {
            call = try ChatRequest(body, configuration).call
            try OpenAIRules(configuration).check(model: call.model)
        }
        if let exceeded = state.take(call, configuration) {
            throw call.api == .openAI
                ? GoogleFault.chatQuota(exceeded, model: call.model) : .quota(exceeded, model: call.model)
        }
        return call
    }

    private func response(to call: ModelCall) async throws -> HTTPResponse {
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

    private func respond(to request: HTTPRequest, _ body: [UInt8], _ route: Route) async throws -> HTTPResponse {
        switch route {
        case .models:
            return try .json(["models": configuration.models.map(GeminiRules.describe)])
        case .model(let name):
            try GeminiRules(configuration).check(model: name)
            return try .json(GeminiRules.describe(name))
        case .startUpload:
            return try FileHandler(state: state, configuration: configuration).startUpload(request, body)
        case .files, .file, .deleteFile, .download:
            return try FileHandler(state: state, configuration: configuration).answer(route)
        case .createBatch(let name):
            return try await BatchHandler(state: state, configuration: configuration).create(model: name, body)
        case .batches, .batch, .cancelBatch, .deleteBatch:
            return try await BatchHandler(state: state, configuration: configuration).answer(route, request)
        case .chatModels:
            return try .json(["object": "list", "data": configuration.models.map(OpenAIRules.describe)])
        case .chatModel(let name):
            try OpenAIRules(configuration).check(model: name)
            return try .json(OpenAIRules.describe(name))
        case .generateContent, .chat, .continueUpload, .unknown:
            throw GoogleFault.notFound("\(request.method.rawValue) \(request.target.path())")
        }
    }

    private func check(_ request: HTTPRequest, _ route: Route, key: String?) throws(GoogleFault) {
        if route.api == .openAI {
            try OpenAIRules(configuration).check(bearer: request.headers[.authorization])
        } else {
            try GeminiRules(configuration).check(key: key)
        }
    }
}
