import Foundation
import ModelStandIn
import Subprocess
import Testing

/// Google's own Python client against the stand-in: what it accepts, Google's client takes for Google.
///
/// Needs Debian's `python3-venv`, and PyPI (or pip's cache) for `google-genai`.
@Suite("Google's own client", .serialized)
struct GoogleClientTests {
    private static let script = """
        import sys
        from google import genai
        from google.genai import errors, types

        client = genai.Client(
            api_key=sys.argv[2],
            http_options=types.HttpOptions(base_url=sys.argv[1], retry_options=types.HttpRetryOptions(attempts=1)))
        picture = types.Part.from_bytes(data=open(sys.argv[3], "rb").read(), mime_type="image/jpeg")
        try:
            answer = client.models.generate_content(
                model="gemini-3.8-flash", contents=[picture, "Transcris la fiche."],
                config=types.GenerateContentConfig(
                    response_mime_type="application/json",
                    thinking_config=types.ThinkingConfig(thinking_level="low")))
            print("TEXT", answer.text)
            print("FINISH", answer.candidates[0].finish_reason.value, answer.usage_metadata.prompt_token_count)
            print("MODELS", len(list(client.models.list())))
        except errors.ClientError as error:
            print("CLIENT ERROR", error.code, error.status)
        except errors.ServerError as error:
            print("SERVER ERROR", error.code, error.status)
        """

    @Test("it gets the text of a picture's sheet")
    func text() async throws {
        let picture = try TemporaryFile(Picture.jpeg(7))
        try await ModelStandInServer.withRunning(.init(apiKeys: ["right-key"])) { server in
            let printed = try await Self.runClient(server.baseURL, "right-key", picture.path)
            let call = try #require(server.calls.first)
            #expect(printed.contains("TEXT " + SampleFiche.json(for: call)))
            #expect(printed.contains("FINISH STOP"))
            #expect(printed.contains("MODELS 4"))
            #expect(call.inline.map(\.data) == [Picture.jpeg(7)])
            #expect(call.texts == ["Transcris la fiche."])
        }
    }

    @Test("a used-up quota is raised as its ClientError with code 429")
    func quota() async throws {
        let picture = try TemporaryFile(Picture.jpeg(8))
        try await ModelStandInServer.withRunning(.init(quotaPerMinute: 0)) { server in
            let printed = try await Self.runClient(server.baseURL, "any", picture.path)
            #expect(printed == "CLIENT ERROR 429 RESOURCE_EXHAUSTED\n")
        }
    }

    @Test("a wrong key and an overloaded model are raised as Google's would be")
    func faults() async throws {
        let picture = try TemporaryFile(Picture.jpeg(9))
        let configuration = ModelStandInServer.Configuration(apiKeys: ["right-key"], answer: { _ in .overloaded })
        try await ModelStandInServer.withRunning(configuration) { server in
            let wrong = try await Self.runClient(server.baseURL, "wrong-key", picture.path)
            #expect(wrong == "CLIENT ERROR 400 INVALID_ARGUMENT\n")
            let busy = try await Self.runClient(server.baseURL, "right-key", picture.path)
            #expect(busy == "SERVER ERROR 503 UNAVAILABLE\n")
        }
    }

    private static func runClient(_ arguments: String...) async throws -> String {
        let python = try await venv() + "/bin/python"
        return try await output("env", ["-u", "HTTP_PROXY", "-u", "http_proxy", python, "-c", script] + arguments)
    }

    /// A virtual environment with the client in it, kept between runs.
    private static func venv() async throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/nids-sync-tests-google-genai"
        let ready = path + "/ready"
        if FileManager.default.fileExists(atPath: ready) { return path }
        _ = try await output("python3", ["-m", "venv", "--clear", path])
        _ = try await output("env", [path + "/bin/pip", "install", "--quiet", "google-genai>=1.51"])
        try Data().write(to: URL(fileURLWithPath: ready))
        return path
    }

    private struct CommandFailed: Error, CustomStringConvertible {
        let description: String
    }

    private static func output(_ command: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(command), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw CommandFailed(
                description: "\(command) \(arguments.prefix(4)): \(result.standardError) (needs python3-venv)")
        }
        return result.standardOutput
    }
}
