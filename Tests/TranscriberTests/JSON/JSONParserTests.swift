import Foundation
import Testing

@testable import Transcriber

@Suite("Parsing JSON")
struct JSONParserTests {
    @Test("every kind of value is read, members in their order")
    func values() throws {
        let text = #" { "b" : [ 1 , -2.5e1, true,false , null ] , "a": "\u00e9\ud83d\ude00\n\"\\\/", "": {} } "#
        let value = try JSONValue(parsing: text)
        #expect(value.object?.names == ["b", "a", ""])
        #expect(value["b"] == [1, -25.0, true, false, nil])
        #expect(value["a"] == "é😀\n\"\\/")
    }

    @Test("numbers are whole where they can be")
    func numbers() throws {
        #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSONValue(parsing: "9223372036854775808") == .number(9.223372036854775807e18))
        #expect(try JSONValue(parsing: "-0") == .integer(0))
        #expect(try JSONValue(parsing: "1e2").integer == 100)
        #expect(try JSONValue(parsing: "1e300").integer == nil)
    }

    @Test("bytes of UTF-16 and a byte order mark are understood")
    func encodings() throws {
        let utf16 = try #require("\u{FEFF}{\"a\":\"é\"}".data(using: .utf16LittleEndian))
        #expect(try JSONValue(parsing: utf16) == ["a": "é"])
        #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + Array("[]".utf8)) == [])
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "+1", "1e", "tru",
            "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\t\"", "[]x", "nul", "-",
            "1e999",
            "{\"a\":}", "'a'", "NaN",
        ])
    func refusals(text: String) {
        #expect(throws: DecodingError.self) { try JSONValue(parsing: text) }
    }

    @Test("bytes that are not UTF-8, and documents nested without end, are refused")
    func hostile() {
        #expect(throws: DecodingError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        for opening in ["[", "{\"a\":"] {
            let deep = String(repeating: opening, count: 100_000)
            #expect(throws: DecodingError.self) { try JSONValue(parsing: deep) }
        }
    }

    @Test("equal objects have one hash, and unlike ones seldom")
    func hashes() {
        let one: JSONValue = ["a": 1, "b": [2]]
        let other: JSONValue = ["b": [2], "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(Set((0..<1000).map { JSONValue.object(JSONObject([("a", .integer($0))])).hashValue }).count > 990)
    }
}
