import Foundation
import HTTP
import ModelStandIn
import Synchronization
import Testing
import Transcriber

@Suite("Pages too large for a request")
struct GeminiFilesTests {
    private static func options(_ limit: Int = 1000) -> GeminiEngine.Options {
        var options = GeminiEngine.Options()
        options.inlineLimit = limit
        options.pollInterval = .milliseconds(1)
        return options
    }

    @Test("they are uploaded, named in the request, and deleted afterwards")
    func upload() async throws {
        try await GeminiHarness.run(options: Self.options()) { harness in
            let bytes = Picture.jpeg(5, size: 300_000)
            let answer = try await harness.ask(bytes)
            let call = try #require(harness.server.calls.first)
            #expect(answer.text == SampleFiche.json(for: call))
            #expect(call.inline.map(\.data) == [bytes])
            #expect(call.inline.first?.file?.hasPrefix("files/") == true)
            #expect(call.filesFirst)
            #expect(harness.server.storedFiles == [])
        }
    }

    @Test("small ones go inside")
    func inline() async throws {
        try await GeminiHarness.run(options: Self.options()) { harness in
            _ = try await harness.ask()
            #expect(harness.server.calls.first?.inline.first?.file == nil)
        }
    }

    @Test("a page that Google is still looking through is waited for")
    func processing() async throws {
        let clock = TickingClock()
        var configuration = ModelStandInServer.Configuration(clock: { clock.tick() })
        configuration.fileProcessing = 20
        try await GeminiHarness.run(configuration, options: Self.options()) { harness in
            _ = try await harness.ask(Picture.jpeg(5, size: 3000))
            #expect(harness.server.storedFiles == [])
        }
    }

    @Test("they are deleted too when the model refuses the sheet")
    func deletedAfterRefusal() async throws {
        try await GeminiHarness.run(answering: .refused(finishReason: "SAFETY"), options: Self.options()) { harness in
            let error = try await harness.error(Picture.jpeg(5, size: 3000))
            #expect(error.blame == .answer)
            #expect(harness.server.storedFiles == [])
        }
    }

    @Test(
        "an upload that fails bills nothing, and leaves nothing behind",
        arguments: [
            ModelStandInServer.Answer.overloaded, .raw(status: 502, headers: [:], body: ""), .json([:]), .cut,
            .fault(.noSuchFile("files/x")),
        ])
    func failing(_ answer: ModelStandInServer.Answer) async throws {
        for command in ["start", "upload, finalize"] {
            var configuration = ModelStandInServer.Configuration()
            configuration.intercept = { $0.uploadCommand == command ? answer : nil }
            try await GeminiHarness.run(configuration, options: Self.options()) { harness in
                guard case .unavailable(_, _, false) = try await harness.error(Picture.jpeg(5, size: 3000)) else {
                    Issue.record("not passing, or billed")
                    return
                }
                #expect(harness.server.calls.isEmpty)
                #expect(harness.server.storedFiles == [])
            }
        }
    }

    @Test("a file that is gone when the model looks for it is no fault of the account")
    func gone() async throws {
        try await GeminiHarness.run(answering: .fault(.noSuchFile("files/x")), options: Self.options()) { harness in
            let error = try await harness.error(Picture.jpeg(5, size: 3000))
            #expect(error.blame == .passing)
        }
    }

    @Test("more room is asked for after an answer that was cut off, and what it cost is told")
    func moreRoom() async throws {
        let configuration = ModelStandInServer.Configuration(answer: { call in
            call.generationConfig.contains("\"maxOutputTokens\":32768")
                ? .text("{}") : .truncated("{\"a\": 1}", keeping: 4)
        })
        try await GeminiHarness.run(configuration) { harness in
            let page = try TemporaryFile(Picture.jpeg(1))
            let billed = Log<TokenUsage>()
            var request = TranscriptionRequest(
                pages: [.init(path: page.path, name: "p", mediaType: .jpeg)], promptKind: .standard,
                onUsage: { billed.append($0) })
            await #expect(throws: TranscriptionError.cutOff) { try await harness.engine.transcribe(request) }
            #expect(billed.all.map(\.output) == [1])
            request.moreRoom = true
            #expect(try await harness.engine.transcribe(request).text == "{}")
            #expect(billed.all.count == 2)
        }
    }

    @Test("pages that are too large for a request after all are uploaded, once")
    func tooLargeInline() async throws {
        for answer: ModelStandInServer.Answer in [
            .fault(.invalidArgument("Request payload size exceeds the limit: 20971520 bytes.")),
            .raw(status: 413, headers: [:], body: "<html>"),
        ] {
            let configuration = ModelStandInServer.Configuration(
                apiKeys: [GeminiHarness.key],
                answer: { call in call.inline.contains { $0.file == nil } ? answer : .text("{}") })
            try await GeminiHarness.run(configuration) { harness in
                let found1 = try await harness.ask().text
                #expect(found1 == "{}")
                #expect(harness.server.calls.count == 2)
            }
            try await GeminiHarness.run(answering: answer) { harness in
                let found2 = try await harness.error().blame
                #expect(found2 == .sheet)
                #expect(harness.server.calls.count == 2)
            }
        }
    }
}

/// A clock that goes on by five seconds whenever it is looked at.
private final class TickingClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
    func tick() -> Date {
        time.withLock {
            $0 += 5
            return $0
        }
    }
}
