import DAV
import Testing

@testable import NidsSync

@Suite("The names of results")
struct ResultNamesTests {
    private func stems(_ name: some Sequence<UInt8>) throws -> [[UInt8]] {
        let path = try #require(RemotePath(bytes: Array("jpeg/a/".utf8) + Array(name)))
        return ResultNames.stems(for: path) + [ResultNames.furtherStem(0, for: path)]
    }

    private func name(_ bytes: [UInt8], suffix: String = "_result.json") -> String {
        String(decoding: ResultNames.shortened(bytes, suffix: suffix), as: UTF8.self)
    }

    @Test("a result lies below transcription_results, in its scan's folder and its model's")
    func place() throws {
        let folder = try #require(RemotePath("jpeg/TRI_ANCIEN"))
        let stem = Array("fiche 25FINAL".utf8)
        #expect(
            ResultNames.result(folder: folder, model: "gemini_3_flash", stem: stem)?.description
                == "transcription_results/jpeg/TRI_ANCIEN/gemini_3_flash/fiche 25FINAL_result.json")
        #expect(
            ResultNames.raw(folder: folder, model: "gemini_3_flash", stem: stem)?.description
                == "transcription_results/jpeg/TRI_ANCIEN/gemini_3_flash/fiche 25FINAL_raw.json")
        #expect(
            ResultNames.result(folder: .root, model: "m", stem: stem)?.description
                == "transcription_results/m/fiche 25FINAL_result.json")
    }

    @Test(
        "the stem is what stands before the last dot, the whole name comes next",
        arguments: [
            ("fiche 25FINAL.jpg", "fiche 25FINAL"), ("a.b.c.jpg", "a.b.c"), ("fiche", "fiche"), ("fiche.", "fiche"),
            (".jpg", ".jpg"), (".hidden.jpg", ".hidden"), ("...jpg", ".."), ("..jpg", "."),
        ])
    func stem(file: String, stem: String) throws {
        let stems = try stems(file.utf8).map { String(decoding: $0, as: UTF8.self) }
        #expect(stems[0] == stem)
        #expect(stems[1] == file)
        #expect(stems[2].hasPrefix(file + "~"))
        #expect(stems[2].utf8.count == file.utf8.count + 9)
    }

    @Test("names that are only dots cannot leave the folder", arguments: ["...jpg", "..jpg", "...."])
    func dots(file: String) throws {
        let folder = try #require(RemotePath("jpeg"))
        for stem in try stems(file.utf8) {
            let path = try #require(ResultNames.result(folder: folder, model: "m", stem: stem))
            #expect(path.parent?.description == "transcription_results/jpeg/m")
        }
    }

    @Test("created names are NFC, whatever the scan's is")
    func normalization() throws {
        let decomposed = try stems("e\u{301}te\u{301}.jpg".utf8)
        let composed = try stems("été.jpg".utf8)
        #expect(decomposed[0] == Array("\u{E9}t\u{E9}".utf8))
        #expect(decomposed[0] == composed[0])
        #expect(decomposed[1] == composed[1])
        #expect(decomposed[2] != composed[2], "two scans whose names differ in form alone have two results")
    }

    @Test("a name that is not UTF-8 keeps its bytes")
    func invalid() throws {
        let name: [UInt8] = [0x66, 0xE9, 0x2E, 0x6A, 0x70, 0x67]
        #expect(try stems(name)[0] == [0x66, 0xE9])
        #expect(try stems(name)[1] == name)
        let path = try #require(ResultNames.result(folder: .root, model: "m", stem: [0x66, 0xE9]))
        #expect(path.name.starts(with: [0x66, 0xE9]))
    }

    @Test("a name of 250 bytes stays, one byte more is cut and gets 8 digits of its digest")
    func longNames() throws {
        let fits = Array(String(repeating: "a", count: 250 - 12).utf8)
        #expect(name(fits) == String(repeating: "a", count: 238) + "_result.json")
        let cut = name(fits + [0x61])
        #expect(cut.utf8.count == 250)
        #expect(cut.wholeMatch(of: /a{229}~[0-9a-f]{8}_result\.json/) != nil)
        let digest = ContentDigest.hex(of: fits + [0x61]).prefix(8)
        #expect(cut.contains("~\(digest)_result.json"))
    }

    @Test("long names that differ only at their end stay different")
    func longNamesDiffer() {
        let start = String(repeating: "fiche ", count: 60)
        #expect(name(Array((start + "1").utf8)) != name(Array((start + "2").utf8)))
        #expect(name(Array((start + "1").utf8)) == name(Array((start + "1").utf8)))
    }

    @Test(
        "a cut falls between characters as people see them",
        arguments: ["é", "🪺", "👨‍👩‍👧‍👦", "e\u{323}\u{302}", "한"])
    func characters(character: Character) {
        for offset in 0..<4 {
            let stem = String(repeating: "x", count: offset) + String(repeating: character, count: 200)
            let cut = name(Array(stem.utf8))
            #expect(cut.utf8.count <= 250)
            let kept = cut.prefix { $0 != "~" }.dropFirst(offset)
            #expect(!kept.isEmpty)
            #expect(kept.allSatisfy { $0 == character })
        }
    }

    @Test("one enormous character, and bytes that are no text, are cut too")
    func strangeLongNames() {
        let marks = "e" + String(repeating: "\u{301}", count: 200)
        let cut = ResultNames.shortened(Array(marks.utf8), suffix: "_result.json")
        #expect(cut.count <= 250)
        let bytes = ResultNames.shortened([UInt8](repeating: 0xE9, count: 255), suffix: "_result.json")
        #expect(bytes.count <= 250)
        #expect(String(validating: bytes, as: UTF8.self) != nil)
    }

    @Test("results and raw answers of a long name are told apart")
    func suffixes() {
        let stem = [UInt8](repeating: 0x61, count: 255)
        #expect(name(stem, suffix: "_raw.json").hasSuffix("_raw.json"))
        #expect(name(stem, suffix: "_raw.json").utf8.count == 250)
    }
}
