import Foundation
import ModelStandIn
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The stand-in asked over plain HTTP, for what Google's client would never send.
@Suite("The stand-in refuses what Google refuses")
struct ModelStandInServerTests {
    private struct Reply {
        let status: Int
        let error: [String: Any]
        var message: String { error["message"] as? String ?? "" }
    }

    private func post(
        _ server: ModelStandInServer, _ body: String, key: String? = "k", model: String = "gemini-2.5-pro"
    ) async throws -> Reply {
        let url = try #require(URL(string: "\(server.baseURL)/v1beta/models/\(model):generateContent"))
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        if let key { request.setValue(key, forHTTPHeaderField: "x-goog-api-key") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let status = try #require(response as? HTTPURLResponse).statusCode
        return Reply(status: status, error: document?["error"] as? [String: Any] ?? [:])
    }

    private static func body(data: String = "/9j/4AE=", type: String = "image/jpeg", more: String = "") -> String {
        """
        {"contents": [{"parts": [{"inline_data": {"mime_type": "\(type)", "data": "\(data)"}}, \
        {"text": "lis"}]}]\(more)}
        """
    }

    @Test("a good request is answered, whichever spelling and alphabet it uses, and the same picture alike")
    func good() async throws {
        try await ModelStandInServer.withRunning { server in
            for body in [
                Self.body(), Self.body(data: "_9j_4AE"), Self.body().replacing("inline_data", with: "inlineData"),
            ] {
                let reply = try await post(server, body)
                #expect(reply.status == 200, "\(reply.message)")
            }
            #expect(server.callsByDigest.values.map { $0 } == [3])
            #expect(server.rejectedCount == 0)
        }
    }

    @Test(
        "malformed requests are invalid arguments",
        arguments: [
            ("{", "Invalid JSON payload"), ("[]", "Invalid JSON payload"), ("{}", "contents is not specified"),
            (body(more: ", \"colour\": 1"), "Unknown name \"colour\": Cannot find field."),
            (body(more: ", \"generationConfig\": {\"heat\": 1}"), "Unknown name \"heat\" at 'generation_config'"),
            (body(data: "&&&&"), "Base64 decoding failed"), (body(data: "AAAAA"), "Base64 decoding failed"),
            (body(type: "image/tiff"), "Unsupported MIME type: image/tiff"),
            (body(type: "image/png"), "Unable to process input image"),
            (body(type: "application/pdf"), "The document has no pages."),
            ("{\"contents\": [{\"parts\": []}]}", "must not be empty"),
            ("{\"contents\": [{\"parts\": [{}]}]}", "required oneof field"),
            (
                body(more: ", \"generationConfig\": {\"thinkingConfig\": {\"thinkingLevel\": \"low\"}}"),
                "Thinking level is not supported"
            ),
        ])
    func malformed(body: String, message: String) async throws {
        try await ModelStandInServer.withRunning { server in
            let reply = try await post(server, body)
            #expect(reply.status == 400)
            #expect(reply.error["status"] as? String == "INVALID_ARGUMENT")
            #expect(reply.error["code"] as? Int == 400)
            #expect(reply.message.contains(message))
            #expect(server.calls.isEmpty && server.rejectedCount == 1)
        }
    }

    @Test("keys and models are checked")
    func access() async throws {
        try await ModelStandInServer.withRunning(.init(apiKeys: ["right"])) { server in
            #expect(try await post(server, Self.body(), key: nil).status == 403)
            let wrong = try await post(server, Self.body(), key: "wrong")
            #expect(wrong.status == 400 && wrong.message.contains("API key not valid"))
            #expect(try await post(server, Self.body(), key: "right", model: "gemini-1.0-pro").status == 404)
            #expect(try await post(server, Self.body(), key: "right").status == 200)
        }
    }

    @Test("the quotas of the minute and the day run out, and come back with time")
    func quotas() async throws {
        let clock = TestClock()
        let configuration = ModelStandInServer.Configuration(quotaPerMinute: 2, quotaPerDay: 3, clock: { clock.now })
        try await ModelStandInServer.withRunning(configuration) { server in
            func status() async throws -> (Int, String) {
                let reply = try await post(server, Self.body())
                let quotas = (reply.error["details"] as? [[String: Any]] ?? [])
                    .flatMap { $0["violations"] as? [[String: Any]] ?? [] }.compactMap { $0["quotaId"] as? String }
                return (reply.status, quotas.first ?? "")
            }
            #expect(try await status().0 == 200)
            #expect(try await status().0 == 200)
            let minute = try await status()
            #expect(minute.0 == 429 && minute.1.contains("PerMinute"))
            clock.advance(61)
            #expect(try await status().0 == 200)
            let day = try await status()
            #expect(day.0 == 429 && day.1.contains("PerDay"))
            clock.advance(24 * 3600)
            #expect(try await status().0 == 200)
        }
    }

    @Test("how it answers can be changed while it runs")
    func configure() async throws {
        try await ModelStandInServer.withRunning { server in
            server.configure { $0.answer = { _ in .overloaded } }
            let busy = try await post(server, Self.body())
            #expect(busy.status == 503)
            server.configure { $0.answer = { _ in .text("{}") } }
            #expect(try await post(server, Self.body()).status == 200)
        }
    }
}
