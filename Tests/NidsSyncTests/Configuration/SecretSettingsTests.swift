import Foundation
import HTTP
import MariaDB
import Testing

@testable import NidsSync

@Suite("Secrets in the settings")
struct SecretSettingsTests {
    private static let secret = "hunter2-never-shown"

    private struct Case: Sendable, CustomTestStringConvertible {
        var path: String
        var names: [String]
        var read: @Sendable (Settings) -> Secret?
        var testDescription: String { path }
    }

    private static let cases = [
        Case(path: "nextcloud.password", names: ["NIDS_NEXTCLOUD_PASSWORD"]) { $0.nextcloud.password },
        Case(
            path: "transcription.gemini.api_key", names: ["NIDS_TRANSCRIPTION_GEMINI_API_KEY", "GEMINI_API_KEY"]
        ) { $0.transcription.geminiKey },
        Case(path: "transcription.openai.api_key", names: ["NIDS_TRANSCRIPTION_OPENAI_API_KEY"]) {
            $0.transcription.openAIKey
        },
        Case(path: "observations.password", names: ["NIDS_OBSERVATIONS_PASSWORD", "DB_PASSWORD"]) {
            guard case .mariaDB(let configuration) = $0.observations else { return nil }
            return Secret(configuration.password)
        },
    ]

    private let folder = NSTemporaryDirectory() + "nids-secrets-\(UUID())"

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func load(_ yaml: String = "", _ variables: [String: String] = [:], for path: String = "") throws
        -> Settings
    {
        var environment = SettingsLoaderTests.required.merging(["DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u"]) { $1 }
        if path == "nextcloud.password" { environment["NIDS_NEXTCLOUD_PASSWORD"] = nil }
        environment.merge(variables) { $1 }
        return try SettingsLoader(file: SettingsFile(text: yaml, name: "nids.yaml"), environment: environment).load()
    }

    @Test("every secret of the catalogue is tested here")
    func complete() {
        #expect(Set(SettingKey.all.filter { $0.kind == .secret }.map(\.path)) == Set(Self.cases.map(\.path)))
    }

    @Test("a secret, or a file that holds it, is taken from every name and from YAML", arguments: cases)
    private func sources(secret: Case) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "from file\n")
        for name in secret.names {
            #expect(secret.read(try load("", [name: "direct"], for: secret.path))?.value == "direct")
            #expect(secret.read(try load("", [name + "_FILE": path], for: secret.path))?.value == "from file")
        }
        #expect(secret.read(try load("\(secret.path): yaml", for: secret.path))?.value == "yaml")
        #expect(secret.read(try load("\(secret.path)_file: \(path)", for: secret.path))?.value == "from file")
    }

    @Test("a file named in the environment wins over a value in YAML", arguments: cases)
    private func environmentFile(secret: Case) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "from file")
        for name in secret.names {
            let settings = try load("\(secret.path): yaml", [name + "_FILE": path], for: secret.path)
            #expect(secret.read(settings)?.value == "from file")
        }
        let settings = try load(
            "\(secret.path)_file: /nonexistent", [secret.names[0]: "direct"], for: secret.path)
        #expect(secret.read(settings)?.value == "direct")
    }

    @Test("the systematic name's file wins over the short name's value")
    func systematicFile() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "from file")
        let settings = try load("", ["NIDS_TRANSCRIPTION_GEMINI_API_KEY_FILE": path, "GEMINI_API_KEY": "short"])
        #expect(settings.transcription.geminiKey?.value == "from file")
    }

    @Test("a secret given twice in one place is an error", arguments: cases)
    private func twice(secret: Case) throws {
        let yaml = "\(secret.path): \(Self.secret)\n\(secret.path)_file: /x\n"
        let inFile = try #require(throws: ConfigurationError.self) { try load(yaml, for: secret.path) }
        #expect(inFile.key == secret.path)
        #expect(!"\(inFile)".contains(Self.secret))
        let name = secret.names[0]
        let inVariables = try #require(throws: ConfigurationError.self) {
            try load("", [name: Self.secret, name + "_FILE": "/x"], for: secret.path)
        }
        #expect(inVariables.place == .variable(name))
    }

    @Test("a file that is missing, empty, a folder, endless or of several lines is refused", .timeLimit(.minutes(5)))
    func badFiles() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bad = [
            folder + "/none", folder, "/dev/zero", try file("empty", ""), try file("blank", " \n\n"),
            try file("lines", Self.secret + "\nsecond\n"), try file("control", Self.secret + "\u{0}x"),
        ]
        for path in bad {
            let error = try #require(throws: ConfigurationError.self) {
                try load("", ["NIDS_NEXTCLOUD_PASSWORD_FILE": path], for: "nextcloud.password")
            }
            #expect(error.key == "nextcloud.password_file")
            #expect(error.place == .variable("NIDS_NEXTCLOUD_PASSWORD_FILE"))
            #expect(error.problem.contains(path))
            #expect(!"\(error)".contains(Self.secret))
        }
    }

    @Test("a line break after a value is not part of it; one inside is refused without showing it")
    func lineBreaks() throws {
        #expect(try load("", ["GEMINI_API_KEY": "key\r\n"]).transcription.geminiKey?.value == "key")
        let error = try #require(throws: ConfigurationError.self) {
            try load("", ["GEMINI_API_KEY": Self.secret + "\nX-Header: a"])
        }
        #expect(error.place == .variable("GEMINI_API_KEY"))
        #expect(!"\(error)".contains(Self.secret))
    }

    @Test("a secret of the wrong kind is refused without showing it", arguments: ["[%]", "{%: a}", "{a: %}"])
    func wrongKind(value: String) throws {
        let yaml = "nextcloud:\n  password: " + value.replacing("%", with: Self.secret)
        let error = try #require(throws: ConfigurationError.self) { try load(yaml, for: "nextcloud.password") }
        #expect(error.key == "nextcloud.password")
        #expect(!"\(error)".contains(Self.secret))
    }

    @Test("a secret's file that every user can read is refused, naming chmod", arguments: cases)
    private func openFile(secret: Case) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "hunter2", mode: 0o644)
        let error = try #require(throws: ConfigurationError.self) {
            try load("", [secret.names[0] + "_FILE": path], for: secret.path)
        }
        #expect(error.key == secret.path + "_file")
        #expect(error.advice.contains("chmod 600 \(path)"))
        for mode in [0o600, 0o640, 0o400] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(secret.read(try load("", [secret.names[0] + "_FILE": path], for: secret.path))?.value == "hunter2")
        }
        // Nobody else gets as far as the file.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        _ = try load("", [secret.names[0] + "_FILE": path], for: secret.path)
    }

    @Test("what systemd and containers hand out is taken as they do it")
    func handedOut() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "hunter2", mode: 0o444)
        let settings = try load(
            "", ["NIDS_NEXTCLOUD_PASSWORD_FILE": path, "CREDENTIALS_DIRECTORY": folder], for: "nextcloud.password")
        #expect(settings.nextcloud.password.value == "hunter2")
        #expect(!FileExposure.isOpen("/run/secrets/nextcloud", [:]))
        #expect(!FileExposure.isOpen("/dev/null", [:]))
    }

    @Test(
        "a configuration with a secret in it that every user can read is refused, naming chmod",
        arguments: ["nextcloud.password: x\n", engine + "    api_key: k\n", "observations.password: p\n"])
    func openConfiguration(yaml: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("nids-sync.yaml", yaml, mode: 0o644)
        let environment = SettingsLoaderTests.required
            .merging(["DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u", "HOME": "/h"]) { $1 }
        let error = try #require(throws: ConfigurationError.self) {
            try SettingsLoader(path: path, environment: environment).load()
        }
        #expect(error.advice.contains("chmod 600 \(path)"))
        // Who only looks at the state has no business with it.
        _ = try SettingsLoader(path: path, environment: environment).loadStateSettings()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        _ = try SettingsLoader(path: path, environment: environment).load()
        let harmless = try file("harmless.yaml", "log.level: debug\n", mode: 0o644)
        _ = try SettingsLoader(path: harmless, environment: environment).load()
    }

    private static let engine = "transcription.engines:\n  gemini_2.5_pro:\n    thinking: 0\n"

    @Test("an engine's key, or a file that holds it, is taken")
    func engineKey() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try file("secret", "from file\n")
        for (line, key) in [("api_key: direct", "direct"), ("api_key_file: \(path)", "from file")] {
            let engines = try load(Self.engine + "    \(line)\n").transcription.engines
            #expect(engines["gemini_2.5_pro"]?.apiKey?.value == key)
        }
    }

    @Test(
        "an engine's key that is given twice or is of the wrong kind is refused without showing it",
        arguments: [
            "api_key: %\n    api_key_file: /x", "api_key: [%]", "api_key: {%: a}", "api_key: {a: %}",
            "api_key: \"%\\nX-Header: a\"",
        ])
    func wrongEngineKey(lines: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load(Self.engine + "    \(lines.replacing("%", with: Self.secret))\n")
        }
        #expect(error.key == "transcription.engines.gemini_2.5_pro.api_key")
        #expect(error.place == .file("nids.yaml", line: 4))
        #expect(!"\(error)".contains(Self.secret))
    }

    @Test("no description and no dump shows a secret")
    func dumps() throws {
        var yaml = Self.engine + "    api_key: \(Self.secret)\n"
        for secret in Self.cases { yaml += "\(secret.path): \(Self.secret)\n" }
        let file = try SettingsFile(text: yaml, name: "nids.yaml")
        let environment = SettingsLoaderTests.required.merging(
            ["NIDS_NEXTCLOUD_PASSWORD": Self.secret, "DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u"]) { $1 }
        let loader = SettingsLoader(file: file, environment: environment)
        for value in [file, loader, try loader.load()] as [any Sendable] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [dumped, "\(value)", String(reflecting: value)] { #expect(!text.contains(Self.secret)) }
        }
    }
}
