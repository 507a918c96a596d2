import Foundation
import ModelStandIn
import Testing

/// Google's own Python client against the stand-in: what it accepts, Google's client takes for Google.
///
/// Needs what `PythonClient` needs.
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
            let printed = try await PythonClient.run(Self.script, server.baseURL, "right-key", picture.path)
            let call = try #require(server.calls.first)
            #expect(printed.contains("TEXT " + SampleFiche.json(for: call)))
            #expect(printed.contains("FINISH STOP"))
            #expect(printed.contains("MODELS 7"))
            #expect(call.inline.map(\.data) == [Picture.jpeg(7)])
            #expect(call.texts == ["Transcris la fiche."])
        }
    }

    private static let storage = """
        import json, os, sys, tempfile
        from google import genai
        from google.genai import errors, types

        client = genai.Client(
            api_key=sys.argv[2],
            http_options=types.HttpOptions(base_url=sys.argv[1], retry_options=types.HttpRetryOptions(attempts=1)))
        file = client.files.upload(file=sys.argv[3], config=types.UploadFileConfig(mime_type="image/jpeg"))
        print("FILE", file.state.value, file.size_bytes, client.files.get(name=file.name).mime_type)
        answer = client.models.generate_content(model="gemini-3.8-flash", contents=[file, "Transcris la fiche."])
        print("TEXT", answer.text)
        lines = tempfile.mkstemp(suffix=".jsonl")[1]
        with open(lines, "w") as out:
            for key in ("good", "bad"):
                part = {"file_data": {"file_uri": file.uri, "mime_type": "image/jpeg"}}
                contents = [{"parts": [part, {"text": key}], "role": "user"}]
                print(json.dumps({"key": key, "request": {"contents": contents}}), file=out)
        source = client.files.upload(file=lines, config=types.UploadFileConfig(mime_type="jsonl"))
        os.remove(lines)
        job = client.batches.create(
            model="gemini-3.8-flash", src=source.name, config=types.CreateBatchJobConfig(display_name="ours"))
        print("BATCH", job.state.value, job.display_name)
        job = client.batches.get(name=job.name)
        print("THEN", job.state.value)
        for line in client.files.download(file=job.dest.file_name).decode().splitlines():
            line = json.loads(line)
            print("LINE", line["key"], "response" in line, line.get("error", {}).get("code"))
        inline = client.batches.create(
            model="gemini-3.8-flash", src=[{"contents": [{"parts": [{"text": "good"}], "role": "user"}]}],
            config=types.CreateBatchJobConfig(display_name="inline"))
        inline = client.batches.get(name=inline.name)
        print("INLINE", inline.state.value, len(inline.dest.inlined_responses))
        print("LIST", [job.display_name for job in client.batches.list(config={"page_size": 1})])
        client.batches.cancel(name=inline.name)
        client.batches.delete(name=inline.name)
        client.files.delete(name=file.name)
        print("LEFT", len(list(client.batches.list())))
        try:
            client.models.generate_content(model="gemini-3.8-flash", contents=[file])
        except errors.ClientError as error:
            print("GONE", error.code)
        """

    @Test("it uploads files, uses them, and makes, lists and reads batches")
    func storage() async throws {
        let picture = try TemporaryFile(Picture.jpeg(7, size: 200_000))
        let configuration = ModelStandInServer.Configuration(
            apiKeys: ["right-key"],
            answer: { $0.key == "bad" ? .fault(.invalidArgument("no")) : .text(SampleFiche.json(for: $0)) })
        try await ModelStandInServer.withRunning(configuration) { server in
            let printed = try await PythonClient.run(Self.storage, server.baseURL, "right-key", picture.path)
            let lines = printed.split(separator: "\n")
            let call = try #require(server.calls.first)
            #expect(call.inline.map(\.data) == [Picture.jpeg(7, size: 200_000)])
            #expect(
                lines == [
                    "FILE ACTIVE 200005 image/jpeg", "TEXT \(SampleFiche.json(for: call))",
                    "BATCH JOB_STATE_PENDING ours", "THEN JOB_STATE_SUCCEEDED", "LINE good True None",
                    "LINE bad False 3", "INLINE JOB_STATE_SUCCEEDED 1", "LIST ['inline', 'ours']", "LEFT 1", "GONE 403",
                ])
        }
    }

    @Test("a used-up quota is raised as its ClientError with code 429")
    func quota() async throws {
        let picture = try TemporaryFile(Picture.jpeg(8))
        try await ModelStandInServer.withRunning(.init(quotaPerMinute: 0)) { server in
            let printed = try await PythonClient.run(Self.script, server.baseURL, "any", picture.path)
            #expect(printed == "CLIENT ERROR 429 RESOURCE_EXHAUSTED\n")
        }
    }

    @Test("a wrong key and an overloaded model are raised as Google's would be")
    func faults() async throws {
        let picture = try TemporaryFile(Picture.jpeg(9))
        let configuration = ModelStandInServer.Configuration(apiKeys: ["right-key"], answer: { _ in .overloaded })
        try await ModelStandInServer.withRunning(configuration) { server in
            let wrong = try await PythonClient.run(Self.script, server.baseURL, "wrong-key", picture.path)
            #expect(wrong == "CLIENT ERROR 400 INVALID_ARGUMENT\n")
            let busy = try await PythonClient.run(Self.script, server.baseURL, "right-key", picture.path)
            #expect(busy == "SERVER ERROR 503 UNAVAILABLE\n")
        }
    }
}
