import HTTP
import ModelStandIn
import Testing
import Transcriber

@Suite("Errors of OpenAI-compatible servers")
struct OpenAIFaultTests {
    /// An error as one of the servers writes it, and whose fault it is.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        let body: String
        let blame: TranscriptionError.Blame
        var headers: [String: String] = [:]
        var retryAfter: Duration?
        var billed: Bool?
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "OpenAI: a wrong key", status: 401,
            body:
                #"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            blame: .model),
        Case(
            name: "OpenAI: an unknown model", status: 404,
            body: #"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, blame: .model),
        Case(
            name: "Ollama: a model that was not pulled", status: 404,
            body: #"{"error":"model 'qwen3-vl' not found, try pulling it first"}"#, blame: .model),
        Case(
            name: "OpenAI: nothing left on the account", status: 429,
            body:
                #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            blame: .model),
        Case(
            name: "OpenAI: requests per minute", status: 429,
            body:
                #"{"error":{"message":"Rate limit reached on requests per min (RPM). Please try again in 1m30.5s.","code":"rate_limit_exceeded"}}"#,
            blame: .passing, retryAfter: .seconds(90.5)),
        Case(
            name: "OpenAI: requests per day", status: 429,
            body:
                #"{"error":{"message":"Rate limit reached on requests per day (RPD): Limit 200. Please try again in 7m12s.","code":"rate_limit_exceeded"}}"#,
            blame: .model, retryAfter: .seconds(432)),
        Case(
            name: "Mistral: too many requests", status: 429, body: #"{"message":"Requests rate limit exceeded"}"#,
            blame: .passing, headers: ["Retry-After": "3"], retryAfter: .seconds(3)),
        Case(
            name: "milliseconds win over seconds", status: 429, body: "{}", blame: .passing,
            headers: ["Retry-After": "3", "retry-after-ms": "250"], retryAfter: .milliseconds(250)),
        Case(
            name: "OpenRouter: the provider behind it is asked too much, told with 200", status: 200,
            body:
                #"{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"X","raw":"please retry shortly"}}}"#,
            blame: .passing),
        Case(
            name: "OpenRouter: nothing left on the account, told with 200", status: 200,
            body: #"{"error":{"code":402,"message":"Insufficient credits"}}"#, blame: .model),
        Case(
            name: "OpenRouter: a picture that the provider cannot read, in its own words", status: 200,
            body:
                #"{"error":{"code":400,"message":"Provider returned error","metadata":{"raw":"{\"error\":\"Could not process image\"}"}}}"#,
            blame: .sheet),
        Case(
            name: "OpenRouter: the provider failed in the middle of an answer", status: 200,
            body:
                #"{"choices":[{"error":{"code":502,"message":"Provider disconnected"},"message":{"content":"{"},"finish_reason":"error"}]}"#,
            blame: .passing, billed: true),
        Case(
            name: "OpenAI: a picture it cannot read", status: 400,
            body: #"{"error":{"message":"You uploaded an unsupported image.","code":"invalid_image_format"}}"#,
            blame: .sheet),
        Case(
            name: "Ollama: a picture it cannot read", status: 500, body: #"{"error":"image: unknown format"}"#,
            blame: .sheet),
        Case(
            name: "vLLM: a picture it cannot read", status: 400,
            body:
                #"{"object":"error","message":"cannot identify image file <_io.BytesIO>","type":"BadRequestError","code":400}"#,
            blame: .sheet),
        Case(
            name: "llama.cpp: a picture it cannot read", status: 400,
            body:
                #"{"error":{"code":400,"message":"Failed to load image or audio file","type":"invalid_request_error"}}"#,
            blame: .sheet),
        Case(
            name: "vLLM: a model without eyes", status: 400,
            body: #"{"error":{"message":"m is not a multimodal model","type":"BadRequestError"}}"#, blame: .model),
        Case(
            name: "llama.cpp: without its projector", status: 500,
            body:
                #"{"error":{"code":500,"message":"image input is not supported - hint: you may need to provide the mmproj"}}"#,
            blame: .model),
        Case(
            name: "Mistral: a quota that is not of the minute", status: 429, body: #"{"message":"Limit exceeded"}"#,
            blame: .model, headers: ["Retry-After": "3600"], retryAfter: .seconds(3600)),
        Case(
            name: "vLLM: a context too small for any sheet", status: 400,
            body:
                #"{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 9000 tokens"}}"#,
            blame: .model),
        Case(
            name: "OpenAI: against its policy", status: 400,
            body:
                #"{"error":{"message":"Your request was rejected by our safety system.","code":"content_policy_violation"}}"#,
            blame: .answer),
        Case(
            name: "LiteLLM: all servers behind it rest", status: 429,
            body:
                #"{"error":{"message":"No deployments available for selected model, Try again in 60 seconds.","code":"429"}}"#,
            blame: .passing, retryAfter: .seconds(60)),
        Case(
            name: "vLLM: a context too small for any sheet, in other words", status: 400,
            body:
                #"{"object":"error","message":"The decoder prompt (length 15329) is longer than the maximum model length of 8192.","code":400}"#,
            blame: .model),
        Case(
            name: "LM Studio: without its eyes, told with 200", status: 200,
            body: #"{"error":{"message":"Vision add-on is not loaded, but images were provided for processing"}}"#,
            blame: .model),
        Case(
            name: "a proxy that streams although nobody asked", status: 200,
            body: "data: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\ndata: [DONE]\n\n", blame: .model),
        Case(name: "a gateway that gave up", status: 504, body: "<html>", blame: .passing, billed: true),
        Case(
            name: "a server that is loading its model", status: 503,
            body: #"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#, blame: .passing,
            billed: false),
        Case(name: "too large for the proxy", status: 413, body: "<html>", blame: .sheet),
        Case(name: "no money", status: 402, body: #"{"detail":"Payment required"}"#, blame: .model),
        Case(name: "forbidden", status: 403, body: #"{"error":{"message":"Country not supported"}}"#, blame: .model),
        Case(
            name: "FastAPI: a field it does not know", status: 422,
            body: #"{"detail":[{"loc":["body","messages"],"msg":"extra fields not permitted"}]}"#, blame: .model),
        Case(name: "a web page with status 200", status: 200, body: "<html>", blame: .passing, billed: true),
        Case(
            name: "an error with status 200", status: 200, body: #"{"error":{"message":"upstream error"}}"#,
            blame: .passing, billed: false),
        Case(
            name: "an error with status 200 without the word", status: 200,
            body: #"{"error":{"message":"upstream failed"}}"#, blame: .passing, billed: false),
    ]

    @Test("each is somebody's fault, and the delay that it names is kept", arguments: cases)
    func fault(_ fault: Case) async throws {
        try await OpenAIHarness.run(
            answering: .raw(status: fault.status, headers: fault.headers, body: fault.body)
        ) { harness in
            let error = try await harness.error()
            #expect(error.blame == fault.blame, "\(error)")
            #expect(error.retryAfter == fault.retryAfter)
            if case .unavailable(_, _, let billed) = error { #expect(billed == fault.billed) }
        }
    }

    @Test("a wrong key is told apart from a model that is not there")
    func access() async throws {
        try await OpenAIHarness.run(key: "wrong") {
            guard case .keyRefused = try await $0.error() else {
                Issue.record("not refused")
                return
            }
        }
        try await OpenAIHarness.run(model: "other") {
            guard case .modelPaused(let reason, nil) = try await $0.error() else {
                Issue.record("not paused")
                return
            }
            #expect(reason.contains("other"))
        }
    }

    @Test(
        "a model that is not offered names the settings for it",
        arguments: [
            (404, #"{"error":{"message":"The model `x` has been deprecated","code":"model_not_found"}}"#),
            (404, #"{"error":"model 'qwen3-vl' not found, try pulling it first"}"#),
            (404, #"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}"#),
            (403, #"{"error":{"message":"Project p has no access to model `x`","code":"model_not_found"}}"#),
            (400, #"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#),
            (429, #"{"error":{"message":"You exceeded your current quota. Quota exceeded for m, limit: 0"}}"#),
        ])
    func notOffered(status: Int, body: String) async throws {
        try await OpenAIHarness.run(answering: .raw(status: status, headers: [:], body: body)) {
            guard case .modelPaused(let reason, nil) = try await $0.error() else {
                Issue.record("not paused")
                return
            }
            #expect(reason.contains("does not offer qwen3-vl:8b to this account"))
            #expect(reason.contains("transcription.engines.test.model") && reason.contains("transcription.models"))
        }
    }

    @Test(
        "a 404 of a wrong address names the setting for it",
        arguments: [
            "404 page not found", #"{"detail":"Not Found"}"#, #"{"error":{"code":404,"message":"File Not Found"}}"#, "",
        ])
    func address(body: String) async throws {
        try await OpenAIHarness.run(answering: .raw(status: 404, headers: [:], body: body)) {
            guard case .modelPaused(let reason, nil) = try await $0.error() else {
                Issue.record("not paused")
                return
            }
            #expect(reason.contains("transcription.engines.test.base_url"))
        }
    }

    @Test("an answer that went into the thoughts names the server's reasoning parser, once others came it is empty")
    func thoughtsAlone() async throws {
        let configuration = ModelStandInServer.Configuration(
            models: ["m"],
            answer: {
                $0.inline.first?.data == Picture.jpeg(66)
                    ? .parts([.init("{\"remarque\": null}", thought: true)], finishReason: "STOP") : .text("{}")
            })
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            guard case .modelPaused(let reason, nil) = try await harness.error(Picture.jpeg(66)) else {
                Issue.record("not paused")
                return
            }
            #expect(reason.contains("reasoning parser"))
            _ = try await harness.ask()
            let found1 = try await harness.error(Picture.jpeg(66))
            #expect(found1 == .empty)
        }
    }
}
