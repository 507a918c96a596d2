import Foundation
import Testing

@testable import Transcriber

@Suite("Counts that somebody else tells")
struct ForeignCountTests {
    @Test("a count lies in its range, whatever was told")
    func range() {
        let told: [(JSONValue?, Int?)] = [
            (12, 12), (12.9, 12), ("12", 12), (-5, 0), (.integer(.min), 0), (.integer(.max), 1_000_000_000),
            (.number(1e300), 1_000_000_000), (.number(-1e300), 0), (.number(.infinity), 1_000_000_000),
            (.number(.nan), nil), ("9223372036854775808", 1_000_000_000), ("-99999999999999999999", 0), ("", nil),
            ("twelve", nil), ("--1", nil), ("1e9", nil), (true, nil), (.null, nil), (nil, nil), ([1], nil),
            (.string(String(repeating: "9", count: 100)), nil),
        ]
        for (value, count) in told { #expect(ForeignCount(value)?.value == count, "\(String(describing: value))") }
        #expect(ForeignCount(UInt8(200)).value == 200)
        #expect(ForeignCount(UInt64.max).value == 1_000_000_000)
    }

    @Test("tokens cannot be negative, nor overflow when they are added")
    func tokens() throws {
        var usage = TokenUsage(input: .max, output: .max, thinking: -7)
        #expect(usage.thinking == 0)
        usage.input = -3
        #expect(usage.input == 0)
        let large = TokenUsage(input: .max, output: .max, thinking: .max)
        #expect((large + large).output == large.output)
        #expect(ModelCatalogue.Price(input: 1, output: 1).cost(of: large).isFinite)
        let decoded = try JSONDecoder().decode(
            TokenUsage.self, from: Data(#"{"input":-1,"output":9223372036854775807,"thinking":3}"#.utf8))
        #expect(decoded == TokenUsage(input: 0, output: .max, thinking: 3))
        #expect(try JSONDecoder().decode(TokenUsage.self, from: JSONEncoder().encode(decoded)) == decoded)
    }

    @Test("tokens of a result file are read as counts, and written as they are read")
    func resultFile() {
        let told: JSONValue = ["input": 9_223_372_036_854_775_807, "output": .integer(.max), "thinking": -5]
        let usage = TokenUsage(told)
        #expect(usage == TokenUsage(input: 1_000_000_000, output: 1_000_000_000, thinking: 0))
        #expect(usage.flatMap { TokenUsage($0.json) } == usage)
        #expect(TokenUsage(["output": 3]) == nil)
        #expect(TokenUsage("many") == nil)
    }

    @Test(
        "an answer's usage is counted whatever numbers it tells",
        arguments: ["9223372036854775807", "-9223372036854775808", "1e308", "-1", "1.5"])
    func answers(number: String) throws {
        let gemini = try JSONValue(
            parsing: """
                {"usageMetadata":{"promptTokenCount":\(number),"candidatesTokenCount":\(number),
                "thoughtsTokenCount":\(number)},"candidates":[{"content":{"parts":[{"text":"{}"}]}}]}
                """)
        let counted = GeminiAnswer(gemini, redacting: APIKey("")).usage
        #expect(counted.map { ForeignCount.range.contains($0.input + $0.output + $0.thinking) || $0.input > 0 } == true)
        let chat = """
            {"usage":{"prompt_tokens":\(number),"completion_tokens":\(number),"total_tokens":\(number),
            "completion_tokens_details":{"reasoning_tokens":\(number)}},
            "choices":[{"message":{"content":"{}"},"finish_reason":"length"}]}
            """
        let answer = try #require(OpenAIAnswer(Array(chat.utf8), redacting: APIKey("")))
        #expect(answer.usage.map { $0.input >= 0 && $0.output >= 0 && $0.thinking >= 0 } == true)
        #expect(throws: TranscriptionError.self) { try answer.engineAnswer(model: "m", limit: 100, hasRead: false) }
        let batch = try JSONValue(
            parsing: """
                {"name":"batches/1","metadata":{"state":"BATCH_STATE_RUNNING","batchStats":{"requestCount":"\(number)"}}}
                """)
        #expect(GeminiBatch.Job(batch, redacting: APIKey("")).map { $0.requestCount >= 0 } == true)
    }

    @Test("words of Tesseract at places that no picture has are passed over")
    func places() {
        func line(_ left: String, _ width: String, confidence: String = "90") -> String {
            "5\t1\t1\t1\t1\t1\t\(left)\t0\t\(width)\t10\t\(confidence)\tmot"
        }
        #expect(TesseractTSV.words(in: line("1", "2"))[1]?.count == 1)
        for odd in [
            line("9223372036854775807", "1"), line("1", "9223372036854775807"), line("-9223372036854775808", "1"),
            line("1", "2", confidence: "nan"), line("1", "2", confidence: "1e300"),
        ] {
            #expect(TesseractTSV.words(in: odd).isEmpty)
        }
    }
}
