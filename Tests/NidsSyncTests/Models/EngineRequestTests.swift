import Foundation
import HTTP
import ModelStandIn
import Testing
import Transcriber

@testable import NidsSync

/// What the engines send, to a server and through the real converter.
@Suite("What configured engines send")
struct EngineRequestTests {
    private func ask(_ label: String, _ yaml: String, at server: ModelStandInServer) async throws {
        let sheet = FileManager.default.temporaryDirectory.appending(path: "nids-engine-\(UUID()).tif")
        try Data(Self.tiff(width: 3600, height: 300)).write(to: sheet)
        defer { try? FileManager.default.removeItem(at: sheet) }
        var settings = try transcription(yaml.replacing("%", with: server.baseURL))
        settings.models = [label]
        let member = try #require(try EngineSet(settings, http: HTTPClient())[label])
        let page = TranscriptionRequest.Page(path: sheet.path, name: "fiche 1.tif", mediaType: .tiff)
        let converter = try #require(member.converter)
        _ = try await converter.convert([page]) { pages throws(TranscriptionError) in
            try await member.engine.transcribe(TranscriptionRequest(pages: pages, promptKind: .standard))
        }
    }

    @Test("Gemini's settings reach it, and a TIFF does as a JPEG of the size that it looks at")
    func gemini() async throws {
        let configuration = ModelStandInServer.Configuration(apiKeys: ["own"], models: ["gemini-x"])
        try await ModelStandInServer.withRunning(configuration) { server in
            try await ask(
                "mine",
                """
                gemini: {api_key: other}
                engines:
                  mine:
                    {engine: gemini, model: gemini-x, base_url: "%", api_key: own, thinking: low,
                    media_resolution: high, max_output_tokens: 9000, timeout: 20m}
                """, at: server)
            let call = try #require(server.calls.first)
            let sent = try JSONValue(parsing: call.generationConfig)
            #expect(sent["thinkingConfig"] == ["thinkingLevel": "low"])
            #expect(sent["mediaResolution"] == "MEDIA_RESOLUTION_HIGH")
            #expect(sent["maxOutputTokens"] == 9000)
            #expect(sent["temperature"] == nil, "sampling is left to Gemini")
            #expect(call.inline.map(\.mimeType) == ["image/jpeg"])
            #expect(Self.jpegWidth(call.inline[0].data) == 3072)
        }
    }

    @Test("so do those of a server with OpenAI's interface")
    func openAI() async throws {
        try await ModelStandInServer.withRunning(.init(apiKeys: ["own"], models: ["m"])) { server in
            try await ask(
                "mine",
                """
                engines:
                  mine:
                    {engine: openai, model: m, base_url: "%/v1", api_key: own, thinking: high,
                    max_output_tokens: 9000, temperature: 0.5}
                """, at: server)
            let call = try #require(server.calls.first)
            let sent = try JSONValue(parsing: call.generationConfig)
            #expect(call.api == .openAI)
            #expect(sent["reasoning_effort"] == "high")
            #expect([sent["max_tokens"], sent["max_completion_tokens"]].contains(9000))
            #expect(sent["temperature"] == .number(0.5))
            #expect(Self.jpegWidth(call.inline[0].data) == 2048)
        }
    }

    @Test("what nobody sets is left to the provider, but for a cool head")
    func defaults() async throws {
        try await ModelStandInServer.withRunning(.init(models: ["m"])) { server in
            try await ask("mine", "engines:\n  mine: {engine: openai, model: m, base_url: \"%\"}\n", at: server)
            let sent = try JSONValue(parsing: #require(server.calls.first).generationConfig)
            #expect(sent["reasoning_effort"] == nil)
            #expect(sent["temperature"] == 0)
        }
    }

    @Test("the section's key goes to the section's address, however that is written")
    func sectionKey() async throws {
        try await ModelStandInServer.withRunning(.init(apiKeys: ["section"], models: ["m"])) { server in
            let yaml = "openai: {api_key: section, base_url: \"%/v1\"}\nengines:\n  mine: {engine: openai, model: m"
            try await ask("mine", yaml + "}\n", at: server)
            try await ask("mine", yaml + ", base_url: \"%/\"}\n", at: server)
            #expect(server.calls.count == 2)
        }
    }

    @Test("it goes to no other address")
    func sectionKeyElsewhere() async throws {
        // The server would answer with it, and refuses whoever comes without.
        try await ModelStandInServer.withRunning(.init(apiKeys: ["section"], models: ["m"])) { server in
            await #expect(throws: TranscriptionError.self) {
                try await ask(
                    "mine",
                    "openai: {api_key: section}\nengines:\n  mine: {engine: openai, model: m, base_url: \"%\"}\n",
                    at: server)
            }
            #expect(server.calls.isEmpty)
            #expect(server.rejectedCount == 1)
        }
    }

    /// A gray picture, uncompressed.
    private static func tiff(width: Int, height: Int) -> [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 0xFF) } }
        let entries = [
            (256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 122), (277, 1), (278, height),
            (279, width * height),
        ]
        var file: [UInt8] = [0x49, 0x49, 0x2A, 0x00] + bytes(8, 4) + bytes(entries.count, 2)
        for (tag, value) in entries { file += bytes(tag, 2) + bytes(4, 2) + bytes(1, 4) + bytes(value, 4) }
        file += bytes(0, 4)
        return file + [UInt8](repeating: 0xC0, count: width * height)
    }

    /// Out of the frame header (SOF0 to SOF2).
    private static func jpegWidth(_ jpeg: [UInt8]) -> Int? {
        var at = 2
        while at + 9 < jpeg.count, jpeg[at] == 0xFF {
            if (0xC0...0xC2).contains(jpeg[at + 1]) { return Int(jpeg[at + 7]) << 8 | Int(jpeg[at + 8]) }
            at += 2 + (Int(jpeg[at + 2]) << 8 | Int(jpeg[at + 3]))
        }
        return nil
    }
}
