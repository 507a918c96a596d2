import Foundation
import HTTP
import ModelStandIn
import Synchronization
import Testing
import Transcriber

@Suite("Gemini's errors")
struct GeminiFaultTests {
    private enum Kind: Equatable {
        case unreadable, rateLimited
        case unavailable(billed: Bool)
        case paused, keyRefused, rejected, other

        init(_ error: TranscriptionError) {
            switch error {
            case .unreadable: self = .unreadable
            case .rateLimited: self = .rateLimited
            case .unavailable(_, _, let billed): self = .unavailable(billed: billed)
            case .modelPaused: self = .paused
            case .keyRefused: self = .keyRefused
            case .rejected: self = .rejected
            default: self = .other
            }
        }
    }

    private func kind(of answer: ModelStandInServer.Answer) async throws -> Kind {
        let error = Mutexed<TranscriptionError>()
        try await GeminiHarness.run(answering: answer) { error.value = try await $0.error() }
        return Kind(try #require(error.value))
    }

    @Test("a key that is wrong, missing, suspended or leaked is refused")
    func keys() async throws {
        try await GeminiHarness.run(key: "wrong") { harness in
            let error = try await harness.error()
            #expect(Kind(error) == .keyRefused)
            #expect("\(error)".contains("API key not valid"))
        }
        for fault in [
            GoogleFault.leakedKey, .missingKey,
            .permissionDenied("Consumer has been suspended.", reason: "CONSUMER_SUSPENDED"),
            .permissionDenied("Requests from this IP are blocked.", reason: "API_KEY_IP_ADDRESS_BLOCKED"),
            GoogleFault(code: 401, status: "UNAUTHENTICATED", message: "no"),
        ] {
            #expect(try await kind(of: .fault(fault)) == .keyRefused, "\(fault.message)")
        }
    }

    @Test("a fault of the account, the model or our request pauses the model and fails no sheet")
    func paused() async throws {
        for fault in [
            GoogleFault.permissionDenied("The API is disabled.", reason: "SERVICE_DISABLED"),
            .permissionDenied("The caller does not have permission", reason: "IAM_PERMISSION_DENIED"),
            GoogleFault(code: 400, status: "FAILED_PRECONDITION", message: "Billing is not enabled."),
            .invalidArgument(
                "Invalid JSON payload received. Unknown name \"image\": Cannot find field.", field: "image"),
            .invalidArgument("Request contains an invalid argument."),
            .invalidArgument("Thinking level is not supported for this model."),
            .notFound("models/gemini-1.0 is not found for API version v1beta"),
            GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: "Your prepayment credits are depleted."),
            GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: "The project has exceeded its spending cap."),
            .quotaExceeded(quotaIDs: ["X-FreeTier"], limit: 0, model: "m", retryDelay: "20s"),
        ] {
            #expect(try await kind(of: .fault(fault)) == .paused, "\(fault.message)")
        }
        try await GeminiHarness.run(model: "gemini-1.0") {
            let kind = Kind(try await $0.error())
            #expect(kind == .paused)
        }
    }

    @Test("a picture that Gemini cannot read fails its sheet, as the stand-in and Google say it")
    func pictures() async throws {
        try await GeminiHarness.run { harness in
            for type in [MediaType.jpeg, .png, .webp, .heic, .pdf] {
                let kind = Kind(try await harness.error(Array("text".utf8), as: type))
                #expect(kind == .unreadable)
            }
        }
        for message in ["Provided image is not valid.", "The document has no pages.", "Unsupported MIME type: image/x"]
        {
            #expect(try await kind(of: .fault(.invalidArgument(message))) == .unreadable, "\(message)")
        }
        #expect(try await kind(of: .raw(status: 413, headers: [:], body: "too large")) == .unreadable)
    }

    @Test("a 400 that says nothing is the picture's once the model has answered requests of this form")
    func vague() async throws {
        let configuration = ModelStandInServer.Configuration(answer: { call in
            call.inline.first?.data == Picture.jpeg(66)
                ? .fault(.invalidArgument("Request contains an invalid argument.")) : .text("{\"remarque\": null}")
        })
        try await GeminiHarness.run(configuration) { harness in
            #expect(try await Kind(harness.error(Picture.jpeg(66))) == .paused)
            _ = try await harness.ask()
            #expect(try await Kind(harness.error(Picture.jpeg(66))) == .unreadable)
            // It may be the room asked for that is invalid.
            let found1 = try await Kind(harness.error(Picture.jpeg(66), moreRoom: true))
            #expect(found1 == .rejected)
        }
    }

    @Test(
        "a 400 in words that nobody knows costs one sheet where others were read, and pauses the model where none was")
    func unknownWords() async throws {
        for words in ["Penguins are not supported here.", "max_output_tokens must be at most 32768."] {
            let fault = GoogleFault.invalidArgument(words, field: "generation_config")
            let configuration = ModelStandInServer.Configuration(answer: { call in
                call.inline.first?.data == Picture.jpeg(66) ? .fault(fault) : .text("{\"remarque\": null}")
            })
            try await GeminiHarness.run(configuration) { harness in
                #expect(try await Kind(harness.error(Picture.jpeg(66))) == .paused)
                #expect(try await Kind(harness.error(Picture.jpeg(66), moreRoom: true)) == .rejected)
                _ = try await harness.ask()
                #expect(try await Kind(harness.error(Picture.jpeg(66))) == .rejected)
            }
        }
    }

    @Test("the quota of the minute is waited for as the answer says")
    func perMinute() async throws {
        try await GeminiHarness.run(.init(quotaPerMinute: 1)) { harness in
            _ = try await harness.ask()
            guard case .rateLimited(let delay?) = try await harness.error() else {
                Issue.record("no delay")
                return
            }
            #expect(delay > .seconds(1) && delay <= .seconds(60))
            #expect(harness.server.calls.count == 1)
        }
        let unsaid = GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: "Resource has been exhausted.")
        try await GeminiHarness.run(answering: .fault(unsaid)) {
            let error = try await $0.error()
            #expect(error == .rateLimited(retryAfter: nil))
        }
    }

    @Test(
        "the quota of the day pauses the model until midnight in California, by the answer's own date",
        arguments: [
            ("2026-07-01T19:30:00Z", 11.5), ("2026-12-01T19:30:00Z", 12.5), ("2026-11-01T07:30:00Z", 24.5),
            ("2026-12-02T07:59:59Z", 1.0 / 3600),
        ])
    func perDay(now: String, hours: Double) async throws {
        let date = try Date(now, strategy: .iso8601)
        try await GeminiHarness.run(.init(quotaPerDay: 1, clock: { date })) { harness in
            _ = try await harness.ask()
            guard case .modelPaused(let reason, let wait?) = try await harness.error() else {
                Issue.record("not paused")
                return
            }
            #expect(reason.contains("quota of the day"))
            #expect(wait == .seconds(Int((hours * 3600).rounded()) + 60))
        }
    }

    @Test("the quota of the day is known by any of the names that Google gives it")
    func perDayNames() async throws {
        let type = "type.googleapis.com/google.rpc."
        let metric: [String: any Sendable] = ["quotaMetric": "x/generate_requests_per_model_per_day"]
        let details: [[String: any Sendable]] = [
            ["@type": type + "QuotaFailure", "violations": [metric]],
            ["@type": type + "QuotaFailure", "violations": [["subject": "p", "description": "Requests per day"]]],
            [
                "@type": type + "ErrorInfo", "reason": "R",
                "metadata": ["quota_limit": "GenerateRequestsPerDayPerProject"],
            ],
            ["@type": type + "ErrorInfo", "reason": "R", "metadata": ["quota_metric": "x/requests_per_day"]],
        ]
        var faults = details.map {
            GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: "m", details: [$0])
        }
        faults.append(
            GoogleFault(
                code: 429, status: "RESOURCE_EXHAUSTED",
                message: "Quota exceeded for quota metric 'Requests' and limit 'Requests per day' of service x"))
        for fault in faults {
            try await GeminiHarness.run(answering: .fault(fault)) {
                let error = try await $0.error()
                guard case .modelPaused(let reason, .some) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reason.contains("quota of the day"))
            }
        }
    }

    @Test("a refusal that names a long delay is none of the minute's quota, and holds back the model in sight")
    func longDelay() async throws {
        let ids = ["GenerateRequestsPerMinutePerProjectPerModel"]
        let long = GoogleFault.quotaExceeded(quotaIDs: ids, limit: 5, model: "m", retryDelay: "3600s")
        try await GeminiHarness.run(answering: .fault(long)) {
            let error = try await $0.error()
            guard case .modelPaused(let reason, .seconds(3600)) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(reason.contains("left alone"))
        }
        let short = GoogleFault.quotaExceeded(quotaIDs: ids, limit: 5, model: "m", retryDelay: "119s")
        try await GeminiHarness.run(answering: .fault(short)) {
            let found2 = try await $0.error()
            #expect(found2 == .rateLimited(retryAfter: .seconds(119)))
        }
    }

    @Test("a model that is not offered names the settings for it")
    func notOffered() async throws {
        let both = ["GenerateRequestsPerDayPerProjectPerModel", "GenerateRequestsPerMinutePerProjectPerModel"]
        for fault in [
            GoogleFault.notFound("models/gemini-1.0 is not found for API version v1beta"),
            .notFound("This model models/gemini-2.0-flash is no longer available. Please use a newer model."),
            .quotaExceeded(quotaIDs: both, limit: 0, model: "m", retryDelay: "20s"),
            GoogleFault(
                code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota exceeded, limit: 0\nPlease retry in 20s."),
            .permissionDenied("No permission for models/gemini-3.8-flash", reason: "IAM_PERMISSION_DENIED"),
        ] {
            try await GeminiHarness.run(answering: .fault(fault)) {
                let error = try await $0.error()
                guard case .modelPaused(let reason, nil) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reason.contains("does not offer gemini-3.8-flash to this account"))
                #expect(reason.contains("transcription.engines.test.model") && reason.contains("transcription.models"))
            }
        }
        try await GeminiHarness.run(answering: .raw(status: 404, headers: [:], body: "<html>")) {
            let error = try await $0.error()
            #expect("\(error)".contains("transcription.engines.test.base_url"))
        }
    }

    @Test("an overloaded or failing server is tried again when it says")
    func unavailable() async throws {
        func error(_ fault: GoogleFault) async throws -> TranscriptionError? {
            let error = Mutexed<TranscriptionError>()
            try await GeminiHarness.run(
                .init(clock: { Date(timeIntervalSince1970: 784_111_777) }, answer: { _ in .fault(fault) })
            ) { error.value = try await $0.error() }
            return error.value
        }
        func delay(_ fault: GoogleFault) async throws -> Duration? {
            guard case .unavailable(_, let delay, false)? = try await error(fault) else {
                Issue.record("not unavailable, or billed")
                return nil
            }
            return delay
        }
        #expect(try await delay(.unavailable(retryAfter: nil)) == nil)
        #expect(try await delay(.unavailable(retryAfter: "7")) == .seconds(7))
        #expect(try await delay(.unavailable(retryAfter: "Sun, 06 Nov 1994 08:50:37 GMT")) == .seconds(60))
        #expect(try await delay(.unavailable(retryAfter: "1e300")) == .seconds(48 * 3600))
        #expect(try await delay(.unavailable(retryAfter: "-5")) == nil)
        #expect(try await delay(.unavailable(retryAfter: "soon")) == nil)
        let info: [String: any Sendable] = ["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"]
        #expect(
            try await delay(GoogleFault(code: 503, status: "UNAVAILABLE", message: "m", details: [info]))
                == .seconds(2.5))
        #expect(
            try await kind(of: .fault(GoogleFault(code: 500, status: "INTERNAL", message: "m")))
                == .unavailable(billed: false))
        #expect(
            try await kind(of: .fault(GoogleFault(code: 504, status: "DEADLINE_EXCEEDED", message: "m")))
                == .unavailable(billed: true))
        #expect(
            try await kind(of: .raw(status: 502, headers: [:], body: "<html>Bad gateway</html>"))
                == .unavailable(billed: true))
    }

    @Test("an answer that is not Gemini's may have been billed")
    func notGemini() async throws {
        for body in ["<html>", "", "[]", "{"] {
            #expect(try await kind(of: .raw(status: 200, headers: [:], body: body)) == .unavailable(billed: true))
        }
    }

    @Test("a connection that breaks after the request may have been billed, one never made was not")
    func broken() async throws {
        #expect(try await kind(of: .cut) == .unavailable(billed: true))
        #expect(try await kind(of: .cutInside) == .unavailable(billed: true))
        let engine = GeminiEngine(
            label: "test", model: "m", apiKey: GeminiHarness.key, baseURL: "http://127.0.0.1:1", client: HTTPClient())
        let page = try TemporaryFile(Picture.jpeg(1))
        let request = TranscriptionRequest(
            pages: [.init(path: page.path, name: "p", mediaType: .jpeg)], promptKind: .standard)
        await #expect {
            try await engine.transcribe(request)
        } throws: {
            ($0 as? TranscriptionError).map(Kind.init) == .unavailable(billed: false)
        }
    }

    @Test("silence ends by itself, and may have been billed")
    func silence() async throws {
        let timeouts = HTTPTimeouts(connect: .seconds(5), firstByte: .milliseconds(300), stall: .seconds(5))
        try await GeminiHarness.run(answering: .hang, options: .init(timeouts: timeouts)) {
            let kind = Kind(try await $0.error())
            #expect(kind == .unavailable(billed: true))
        }
    }

    @Test("cancelling ends a request")
    func cancelled() async throws {
        try await GeminiHarness.run(answering: .hang) { harness in
            let asked = Task { try await harness.ask() }
            while harness.server.calls.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            asked.cancel()
            let result = await asked.result
            #expect(throws: TranscriptionError.cancelled) { try result.get() }
        }
    }

    @Test("a base URL that is none, or with an unsafe key, pauses the model without naming the key")
    func badConfiguration() async throws {
        let page = try TemporaryFile(Picture.jpeg(1))
        let request = TranscriptionRequest(
            pages: [.init(path: page.path, name: "p", mediaType: .jpeg)], promptKind: .standard)
        let engine = GeminiEngine(
            label: "t", model: "m", apiKey: GeminiHarness.key, baseURL: "ftp://example.org", client: HTTPClient())
        await #expect {
            try await engine.transcribe(request)
        } throws: {
            ($0 as? TranscriptionError).map(Kind.init) == .paused
        }
        #expect(!String(reflecting: engine).contains(GeminiHarness.key))
        var dumped = ""
        dump(engine, to: &dumped)
        #expect(!dumped.contains(GeminiHarness.key))
    }

    @Test("a short key, which is a placeholder, changes neither an answer nor a message")
    func placeholder() async throws {
        let text = "{\"localisation\": {\"commune\": \"local\"}}"
        try await GeminiHarness.run(.init(apiKeys: ["local"], answer: { _ in .text(text) }), key: "local") {
            let found3 = try await $0.ask().text
            #expect(found3 == text)
        }
        let fault = GoogleFault(code: 500, status: "INTERNAL", message: "a local fault")
        try await GeminiHarness.run(.init(apiKeys: ["local"], answer: { _ in .fault(fault) }), key: "local") {
            let error = try await $0.error()
            #expect("\(error)".contains("a local fault"))
        }
    }

    @Test("a server that repeats the key cannot make us write it down")
    func echoedKey() async throws {
        let key = GeminiHarness.key
        for answer: ModelStandInServer.Answer in [
            .fault(.permissionDenied("Consumer 'api_key:\(key)' denied", reason: "X")),
            .fault(.invalidArgument("bad \(key)")), .raw(status: 500, headers: [:], body: key),
            .raw(status: 500, headers: [:], body: String(repeating: "x", count: 280) + key),
            .fault(GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: key)),
            .blocked(reason: key), .refused(finishReason: "SAFETY"),
        ] {
            // The harness looks for the key in every error.
            try await GeminiHarness.run(answering: answer) { _ = try await $0.error() }
        }
        try await GeminiHarness.run(answering: .text("{\"remarque\": \"\(key)\"}")) {
            // The model does not know the key: what it reads is left as it is.
            let text = try await $0.ask().text
            #expect(text == "{\"remarque\": \"\(key)\"}")
        }
    }
}

/// A value set once in a concurrent closure.
private final class Mutexed<Value: Sendable>: Sendable {
    private let lock = Mutex<Value?>(nil)
    var value: Value? {
        get { lock.withLock(\.self) }
        set { lock.withLock { $0 = newValue } }
    }
}
