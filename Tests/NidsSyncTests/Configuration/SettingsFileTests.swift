import Foundation
import Testing

@testable import NidsSync

@Suite("The YAML file")
struct SettingsFileTests {
    private func refusal(_ text: String) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) { try SettingsFile(text: text, name: "nids.yaml") }
    }

    @Test("keys are found with their values and lines")
    func keys() throws {
        let file = try SettingsFile(
            text: """
                # a comment
                nextcloud:
                  url: https://cloud.example.org
                  include: [jpeg/**, "pdf/**"]
                observations.port: 3307
                """, name: "nids.yaml")
        #expect(file.settings["nextcloud.url"]?.single == "https://cloud.example.org")
        #expect(file.settings["nextcloud.url"]?.place == .file("nids.yaml", line: 3))
        #expect(file.settings["nextcloud.include"]?.values == ["jpeg/**", "pdf/**"])
        #expect(file.settings["observations.port"]?.single == "3307")
        #expect(file.settings.count == 3)
    }

    @Test("values are taken as they are written, not as YAML's numbers and truths")
    func texts() throws {
        let file = try SettingsFile(text: "nextcloud:\n  user: 007\n  root: no\n  url: 1e3\n", name: "nids.yaml")
        #expect(file.settings["nextcloud.user"]?.single == "007")
        #expect(file.settings["nextcloud.root"]?.single == "no")
        #expect(file.settings["nextcloud.url"]?.single == "1e3")
    }

    @Test(
        "an empty file, a file of comments and an empty document hold nothing",
        arguments: ["", "# nothing\n", "---\n", "~"])
    func empty(text: String) throws {
        let file = try SettingsFile(text: text, name: "nids.yaml")
        #expect(file.settings.isEmpty)
        #expect(file.engines.isEmpty)
    }

    @Test(
        "a key without a value is as if it were not there",
        arguments: [
            "nextcloud:\n  url:", "nextcloud:\n  url: ~", "nextcloud:\n  url: null", "nextcloud:\n  url: \"\"",
            "nextcloud:\n  url: Null", "nextcloud:", "nextcloud: ~", "nextcloud: null", "transcription:\n  engines:",
            "transcription:\n  engines: null",
        ])
    func nothing(text: String) throws {
        let file = try SettingsFile(text: text, name: "nids.yaml")
        #expect(file.settings.isEmpty)
        #expect(file.engines.isEmpty)
    }

    @Test("an unknown key is named with file, line and the key that was meant")
    func unknownKey() throws {
        let error = try refusal("nextcloud:\n  user: a\n  pasword: b\n")
        #expect(error.place == .file("nids.yaml", line: 3))
        #expect(error.key == "nextcloud.pasword")
        #expect(error.advice.contains("nextcloud.password?"))
        #expect("\(error)".contains("nids.yaml, line 3: nextcloud.pasword: unknown key"))
    }

    @Test("a misspelt section is told from the one that was meant")
    func unknownSection() throws {
        let error = try refusal("nextclod:\n  user: a\n")
        #expect(error.key == "nextclod")
        #expect(error.advice == "Did you mean nextcloud?")
    }

    @Test("a key outside its section is told where it belongs")
    func wrongSection() throws {
        #expect(try refusal("poll_interval: 10s\n").advice == "Did you mean nextcloud.poll_interval?")
    }

    @Test("a key that resembles none points to the list of all")
    func strangeKey() throws {
        #expect(try refusal("quetzalcoatl_xiuhcoatl: 1\n").advice.contains("config/nids-sync.yaml"))
    }

    @Test(
        "a key that stands there twice is an error with its line",
        arguments: [
            ("nextcloud:\n  user: a\n  user: b\n", "user"),
            ("nextcloud:\n  user: a\nnextcloud:\n  url: b\n", "nextcloud"),
            ("nextcloud.user: a\nnextcloud:\n  user: b\n", "nextcloud.user"),
        ])
    func duplicates(text: String, key: String) throws {
        let error = try refusal(text)
        #expect(error.problem.contains("twice"))
        #expect(error.key?.hasSuffix(key) == true)
        guard case .file("nids.yaml", let line) = error.place else {
            Issue.record("no line in \(error)")
            return
        }
        #expect(line > 0)
    }

    @Test(
        "the wrong kind of value is named with its line",
        arguments: [
            ("log: {}\nnextcloud: [a]\n", "nextcloud"), ("\nnextcloud: text\n", "nextcloud"),
            ("nextcloud:\n  url: {a: b}\n", "nextcloud.url"), ("nextcloud:\n  include: [[a]]\n", "nextcloud.include"),
            ("transcription:\n  engines: [a]\n", "transcription.engines"),
            ("transcription:\n  engines: {mine: tesseract}\n", "transcription.engines.mine"),
        ])
    func wrongKind(text: String, key: String) throws {
        let error = try refusal(text)
        #expect(error.key == key)
        #expect(error.place == .file("nids.yaml", line: 2))
        #expect(!error.advice.isEmpty)
    }

    @Test("an empty element of a list is an error", arguments: ["[a, ]", "[a, '']", "[a, ~]", "\n  -\n  - a"])
    func emptyElement(list: String) throws {
        let text = "nextcloud:\n  include: \(list)\n"
        if list == "[a, ]" {
            #expect(try SettingsFile(text: text, name: "f").settings["nextcloud.include"]?.values == ["a"])
        } else {
            #expect(try refusal(text).key == "nextcloud.include")
        }
    }

    @Test("engines are read by their labels")
    func engines() throws {
        let file = try SettingsFile(
            text: """
                transcription:
                  engines:
                    mine: {engine: gemini, model: gemini-x}
                    local:
                      engine: tesseract
                """, name: "nids.yaml")
        #expect(file.engines["mine"]?["model"]?.single == "gemini-x")
        #expect(file.engines["local"]?["engine"]?.place == .file("nids.yaml", line: 5))
        #expect(file.engines["local"]?["model"] == nil)
    }

    @Test("an unknown key of an engine is named")
    func unknownEngineKey() throws {
        let error = try refusal("transcription:\n  engines:\n    mine:\n      modle: x\n")
        #expect(error.key == "transcription.engines.mine.modle")
        #expect(error.place == .file("nids.yaml", line: 4))
        #expect(error.advice.contains("transcription.engines.mine.model?"))
    }

    @Test(
        "what is no YAML is told with its line",
        arguments: [
            ("nextcloud:\n  user: \"a\n", 3), ("nextcloud:\n\tuser: a\n", 2), ("a: b: c\n", 1),
            ("nextcloud:\n  user: [a\nlog:\n", 3), ("# x\n}\n", 2), ("nextcloud:\n  user: a\u{1}\n", 2),
            ("nextcloud:\n  user: a\n---\nlog:\n", 3), ("nextcloud:\n  user: *x\n", 2),
        ])
    func noYAML(text: String, line: Int) throws {
        let error = try refusal(text)
        #expect(error.place == .file("nids.yaml", line: line))
        #expect(!error.problem.isEmpty)
    }

    @Test("a tab that indents is told to be one")
    func tab() throws {
        #expect(try refusal("nextcloud:\n\tuser: a\n").advice.contains("spaces"))
    }

    @Test(
        "a pattern that YAML takes for a reference is told to need quotes", arguments: ["**/old/**", "*.tmp", "*old"])
    func star(pattern: String) throws {
        #expect(try refusal("nextcloud:\n  exclude: \(pattern)\n").advice.contains("quotes"))
    }

    @Test(
        "a second document is told to be one: its keys would be lost",
        arguments: [
            "log.level: debug\n---\nlog.level: info\n", "---\nlog.level: debug\n---\n", "--- {}\n--- {}\n",
            "log.level: debug\n...\n---\nstop.grace: 1s\n",
        ])
    func twoDocuments(text: String) throws {
        let error = try refusal(text)
        #expect("\(error)".contains("---"))
        #expect(error.place != .nowhere)
    }

    @Test("text at the top, or a list there, is told to be no keys", arguments: ["just words", "- a\n- b\n"])
    func noMapping(text: String) throws {
        let error = try refusal(text)
        #expect(error.place == .file("nids.yaml", line: 1))
    }

    @Test(
        "a key that is no text is unknown, not a crash",
        arguments: ["? [a, b]\n: c\n", "? {a: b}\n: c\n", "<<: {user: a}\n"])
    func strangeKeys(text: String) throws {
        #expect(try refusal(text).problem == "unknown key")
    }

    @Test("the file may be of Windows: a byte order mark, CR and LF")
    func windows() throws {
        let file = try SettingsFile(text: "\u{FEFF}nextcloud:\r\n  user: anne\r\n", name: "nids.yaml")
        #expect(file.settings["nextcloud.user"]?.single == "anne")
    }
}

@Suite("A hostile YAML file")
struct HostileSettingsFileTests {
    @Test("references that multiply are refused at once", .timeLimit(.minutes(5)))
    func bomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let reference = "*a\(level - 1)"
            text += "a\(level): &a\(level) [" + Array(repeating: reference, count: 9).joined(separator: ", ") + "]\n"
        }
        text += "? *a12\n: x\n"
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile(text: text, name: "nids.yaml") }
        #expect(error.problem.contains("reference"))
    }

    @Test(
        "nesting without end is refused, not a crash",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
        ])
    func nesting(text: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile(text: text, name: "nids.yaml") }
        #expect("\(error)".utf8.count < 1000)
    }

    @Test("a huge file is refused before it is parsed")
    func huge() throws {
        let text = "nextcloud:\n  user: " + String(repeating: "a", count: 2_000_000) + "\n"
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile(text: text, name: "nids.yaml") }
        #expect(error.problem.contains("larger"))
    }

    @Test("a file without end is not read to its end", .timeLimit(.minutes(5)))
    func endless() throws {
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile(path: "/dev/zero") }
        #expect(error.problem.contains("larger"))
    }

    @Test("a long unknown key is cut in the message", .timeLimit(.minutes(5)))
    func longKey() throws {
        let text = "? " + String(repeating: "k", count: 200_000) + "\n: x\n"
        let error = try #require(throws: ConfigurationError.self) { try SettingsFile(text: text, name: "nids.yaml") }
        #expect("\(error)".utf8.count < 1000)
    }

    @Test("a file that is not there, a folder and what is not UTF-8 are told with their path")
    func unreadable() throws {
        let folder = NSTemporaryDirectory() + "nids-yaml-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data([0xFF, 0xFE, 0x61]).write(to: URL(filePath: folder + "/latin.yaml"))
        for path in [folder + "/none.yaml", folder, folder + "/latin.yaml"] {
            let error = try #require(throws: ConfigurationError.self) { try SettingsFile(path: path) }
            #expect("\(error)".contains(path))
        }
    }
}
