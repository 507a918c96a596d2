import Foundation
import HTTP
import ModelStandIn
import Synchronization
import TestSupport
import Testing
import Transcriber

@Suite("Gemini's batches")
struct GeminiBatchTests {
    /// A clock that a test moves.
    private final class Clock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
        var now: Date { time.withLock(\.self) }
        func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    private struct Bench: Sendable {
        let server: ModelStandInServer
        let batch: GeminiBatch
        let folder: TemporaryDirectory

        /// Writes requests for pictures of these numbers, under keys like `k1`.
        func file(_ numbers: [UInt8]) async throws -> GeminiBatchFile {
            let file = try GeminiBatchFile(path: folder.file("batch.jsonl"))
            for number in numbers {
                let path = try folder.write(Picture.jpeg(number, size: 5000), to: "page\(number).jpg")
                let request = TranscriptionRequest(
                    pages: [.init(path: path, name: "fiche \(number).jpg", mediaType: .jpeg)], promptKind: .standard)
                #expect(try await file.append(request, key: "k\(number)"))
            }
            try await file.close()
            return file
        }

        /// Sends that file and makes a batch of it.
        func begin(_ numbers: [UInt8], name: String = "ours") async throws -> GeminiBatch.Job {
            let file = try await file(numbers)
            let input = try await batch.upload(file.path, displayName: name)
            return try await batch.create(inputFile: input, displayName: name)
        }

        /// The results of a batch that has ended, by key.
        func results(
            _ name: String
        ) async throws -> (byKey: [String: Result<EngineAnswer, TranscriptionError>], unreadable: Int) {
            let job = try #require(try await batch.job(name))
            var byKey: [String: Result<EngineAnswer, TranscriptionError>] = [:]
            let unreadable = try await batch.results(of: job, through: folder.file("results.jsonl")) {
                byKey[$0] = $1
                _ = $2
            }
            return (byKey, unreadable)
        }
    }

    private func run(
        _ configuration: ModelStandInServer.Configuration = .init(), _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await ModelStandInServer.withRunning(configuration) { server in
            let batch = GeminiBatch(
                model: "gemini-3.8-flash", apiKey: GeminiHarness.key, baseURL: server.baseURL, client: HTTPClient())
            try await body(Bench(server: server, batch: batch, folder: try TemporaryDirectory()))
        }
    }

    @Test("a batch goes from a file of lines to answers under our keys, and its files are deleted")
    func whole() async throws {
        let clock = Clock()
        var configuration = ModelStandInServer.Configuration(clock: { clock.now })
        configuration.batchDuration = 600
        try await run(configuration) { bench in
            let begun = try await bench.begin([1, 2, 3])
            #expect(begun.displayName == "ours" && !begun.state.isFinal)
            #expect(begun.inputFile.map { [$0] } == bench.server.storedFiles)
            clock.advance(60)
            #expect(try await bench.batch.job(begun.name)?.state == .running)
            #expect(bench.server.calls.isEmpty)
            clock.advance(600)
            let done = try #require(try await bench.batch.job(begun.name))
            #expect(done.state == .succeeded && done.requestCount == 3 && done.failedCount == 0)
            let results = try await bench.results(begun.name)
            #expect(Set(results.byKey.keys) == ["k1", "k2", "k3"] && results.unreadable == 0)
            #expect(bench.server.calls.compactMap(\.key) == ["k1", "k2", "k3"])
            for call in bench.server.calls {
                let answer = try #require(results.byKey[call.key ?? ""]).get()
                #expect(answer.text == SampleFiche.json(for: call))
                #expect(answer.providerModel == "gemini-3.8-flash" && answer.usage != nil)
                #expect(call.texts == [Prompt.text(for: .standard)])
                let required = try JSONValue(parsing: call.generationConfig)["responseJsonSchema"]?["required"]
                #expect(required == FicheSchema.jsonSchema["required"])
            }
            #expect(bench.server.calls.flatMap(\.inline).map(\.data) == [1, 2, 3].map { Picture.jpeg($0, size: 5000) })
            try await bench.batch.deleteFiles(of: done)
            try await bench.batch.deleteFiles(of: done)
            #expect(bench.server.storedFiles == [])
        }
    }

    @Test("a line's failure is that line's alone, with its own reason")
    func partial() async throws {
        let configuration = ModelStandInServer.Configuration(answer: { call in
            switch call.key {
            case "k2": .refused(finishReason: "SAFETY")
            case "k3": .truncated("{\"a\": 1}", keeping: 3)
            case "k4": .fault(.invalidArgument("Unable to process input image."))
            case "k5": .overloaded
            case "k6": .raw(status: 200, headers: [:], body: "{\"half")
            case "k7": .hang
            case "k8": .json([:])
            default: .text("{\"remarque\": null}")
            }
        })
        try await run(configuration) { bench in
            let begun = try await bench.begin([1, 2, 3, 4, 5, 6, 7, 8])
            let (results, unreadable) = try await bench.results(begun.name)
            func blame(_ key: String) -> TranscriptionError.Blame? {
                if case .failure(let error)? = results[key] { error.blame } else { nil }
            }
            #expect(try results["k1"]?.get().text == "{\"remarque\": null}")
            #expect(blame("k2") == .answer && blame("k4") == .sheet)
            #expect(results["k3"] == .failure(.cutOff) && results["k8"] == .failure(.empty))
            #expect(blame("k5") == .passing)
            #expect(unreadable == 1)
            #expect(Set(results.keys) == ["k1", "k2", "k3", "k4", "k5", "k8"])
        }
    }

    @Test("a batch is found again by our name, over many pages, the newest first")
    func found() async throws {
        try await run { bench in
            #expect(try await bench.batch.jobs(displayName: "ours") == [])
            let first = try await bench.begin([1])
            let input = try #require(first.inputFile)
            for number in 0..<130 {
                _ = try await bench.batch.create(inputFile: input, displayName: "other \(number)")
            }
            #expect(try await bench.batch.jobs(displayName: "ours").map(\.name) == [first.name])
            let second = try await bench.batch.create(inputFile: input, displayName: "ours")
            #expect(try await bench.batch.jobs(displayName: "ours").map(\.name) == [second.name, first.name])
        }
    }

    @Test("a batch that ends without results says why")
    func ended() async throws {
        var configuration = ModelStandInServer.Configuration()
        configuration.batchOutcome = { batch in
            batch.displayName == "late"
                ? .expired : .failed(.quotaExceeded(quotaIDs: ["X"], limit: 0, model: "m", retryDelay: nil))
        }
        configuration.batchDuration = 0
        try await run(configuration) { bench in
            let failed = try await bench.batch.job(try await bench.begin([1], name: "failing").name)
            #expect(failed?.state == .failed && failed?.failure?.blame == .model)
            let late = try await bench.batch.job(try await bench.begin([1], name: "late").name)
            #expect(late?.state == .expired && late?.failure?.blame == .passing)
            let job = try #require(late)
            await #expect(throws: TranscriptionError.self) {
                _ = try await bench.batch.results(of: job, through: bench.folder.file("r")) { _, _, _ in }
            }
        }
    }

    @Test("a batch can be cancelled and forgotten; one that is not there is none")
    func cancelled() async throws {
        var configuration = ModelStandInServer.Configuration()
        configuration.batchDuration = 3600
        try await run(configuration) { bench in
            let job = try await bench.begin([1])
            try await bench.batch.cancel(job.name)
            #expect(try await bench.batch.job(job.name)?.state == .cancelled)
            try await bench.batch.delete(job.name)
            #expect(try await bench.batch.job(job.name) == nil)
            try await bench.batch.cancel(job.name)
        }
    }

    @Test("a batch whose making got no answer may have begun, and is found")
    func lostAnswer() async throws {
        var configuration = ModelStandInServer.Configuration()
        configuration.batchDuration = 3600
        try await run(configuration) { bench in
            let input = try await bench.batch.upload(try await bench.file([1]).path, displayName: "ours")
            bench.server.configure {
                $0.intercept = { $0.path.hasSuffix(":batchGenerateContent") ? .cut : nil }
            }
            await #expect {
                try await bench.batch.create(inputFile: input, displayName: "ours")
            } throws: {
                if case .unavailable(_, _, true)? = $0 as? TranscriptionError { true } else { false }
            }
            bench.server.configure { $0.intercept = { _ in nil } }
            _ = try await bench.batch.create(inputFile: input, displayName: "ours")
            #expect(try await bench.batch.jobs(displayName: "ours").count == 1)
        }
    }

    @Test("a fault of the account pauses the model, a file that is gone does not")
    func faults() async throws {
        try await run(.init(apiKeys: ["other"])) { bench in
            await #expect {
                try await bench.batch.jobs(displayName: "x")
            } throws: {
                if case .keyRefused? = $0 as? TranscriptionError { true } else { false }
            }
        }
        try await run { bench in
            await #expect {
                try await bench.batch.create(inputFile: "files/none", displayName: "x")
            } throws: { ($0 as? TranscriptionError)?.blame == .passing }
        }
    }

    @Test("a page that cannot be written leaves the lines before whole")
    func brokenPage() async throws {
        let folder = try TemporaryDirectory()
        let file = try GeminiBatchFile(path: folder.file("b.jsonl"))
        func request(_ path: String, _ type: MediaType = .jpeg) -> TranscriptionRequest {
            TranscriptionRequest(pages: [.init(path: path, name: "p", mediaType: type)], promptKind: .standard)
        }
        let good = request(try folder.write(Picture.jpeg(1, size: 2_000_000), to: "p.jpg"))
        #expect(try await file.append(good, key: "a\"b"))
        await #expect(throws: TranscriptionError.self) { try await file.append(request("/nonexistent"), key: "x") }
        await #expect(throws: TranscriptionError.self) {
            try await file.append(request(good.pages[0].path, .tiff), key: "x")
        }
        #expect(try await file.append(good, key: "c"))
        try await file.close()
        let lines = try #require(folder.read("b.jsonl")).split(separator: 0x0A)
        #expect(lines.count == 2)
        #expect(try lines.map { try JSONValue(parsing: $0)["key"]?.string } == ["a\"b", "c"])
        let data = try JSONValue(parsing: lines[0])["request"]?["contents"]?.array?.first?["parts"]?.array?.first
        let decoded = data?["inlineData"]?["data"]?.string.flatMap { Data(base64Encoded: $0) }
        #expect(decoded.map { Array($0) } == Picture.jpeg(1, size: 2_000_000))
    }
}
