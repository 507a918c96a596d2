import ModelStandIn
import Testing

/// OpenAI's own Python client against the stand-in.
///
/// Needs what `PythonClient` needs.
@Suite("OpenAI's own client", .serialized)
struct OpenAIClientTests {
    private static let script = """
        import base64, sys
        import openai

        client = openai.OpenAI(api_key=sys.argv[2], base_url=sys.argv[1] + "/v1", max_retries=0)
        picture = "data:image/jpeg;base64," + base64.b64encode(open(sys.argv[3], "rb").read()).decode()
        schema = {"type": "object", "properties": {"remarque": {"type": ["string", "null"]}},
                  "required": ["remarque"], "additionalProperties": False}
        try:
            print("MODELS", [model.id for model in client.models.list()])
            answer = client.chat.completions.create(
                model="m", max_completion_tokens=100,
                messages=[{"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": picture}}, {"type": "text", "text": "Transcris."}]}],
                response_format={
                    "type": "json_schema", "json_schema": {"name": "fiche", "strict": True, "schema": schema}})
            choice = answer.choices[0]
            print("TEXT", choice.message.content)
            print("FINISH", choice.finish_reason, answer.usage.prompt_tokens, choice.message.refusal)
        except openai.RateLimitError as error:
            print("RATE LIMIT", error.code, error.response.headers["retry-after"])
        except openai.APIStatusError as error:
            print(type(error).__name__, error.status_code, error.code)
        """

    private func run(
        _ configuration: ModelStandInServer.Configuration, key: String = "right-key",
        _ check: @Sendable (ModelStandInServer, [Substring]) throws -> Void
    ) async throws {
        let picture = try TemporaryFile(Picture.jpeg(7))
        try await ModelStandInServer.withRunning(configuration) { server in
            let printed = try await PythonClient.run(Self.script, server.baseURL, key, picture.path)
            try check(server, printed.split(separator: "\n"))
        }
    }

    @Test("it gets the text of a picture's sheet in the form of a schema")
    func text() async throws {
        try await run(.init(apiKeys: ["right-key"], models: ["m"])) { server, printed in
            let call = try #require(server.calls.first)
            #expect(call.inline.map(\.data) == [Picture.jpeg(7)])
            #expect(printed == ["MODELS ['m']", "TEXT \(SampleFiche.json(for: call))", "FINISH stop 260 None"])
        }
    }

    @Test("a wrong key, an unknown model, a quota and an overloaded server are raised as OpenAI's would be")
    func faults() async throws {
        try await run(.init(apiKeys: ["right-key"], models: ["m"]), key: "wrong") { _, printed in
            #expect(printed == ["AuthenticationError 401 invalid_api_key"])
        }
        try await run(.init(models: ["other"])) { _, printed in
            #expect(printed.last == "NotFoundError 404 model_not_found")
        }
        try await run(.init(models: ["m"], quotaPerMinute: 0)) { _, printed in
            #expect(printed.last == "RATE LIMIT rate_limit_exceeded 60.000")
        }
        try await run(.init(models: ["m"], answer: { _ in .overloaded })) { _, printed in
            #expect(printed.last == "InternalServerError 503 None")
        }
    }

    @Test("an answer cut off, refused or filtered says so in its fields")
    func stops() async throws {
        for (answer, finish) in [
            (ModelStandInServer.Answer.truncated("{\"remarque\": 1}", keeping: 4), "FINISH length 260 None"),
            (.refused(finishReason: "SAFETY"), "FINISH stop 260 I can't help with that (SAFETY)."),
            (.blocked(reason: "X"), "FINISH content_filter 260 None"),
        ] {
            try await run(.init(models: ["m"], answer: { _ in answer })) { _, printed in
                #expect(printed.last == finish[...])
            }
        }
    }
}
