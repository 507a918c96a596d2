import Foundation
import HTTP
import Testing

@testable import NidsSync

@Suite("The example configuration")
struct ExampleConfigurationTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../config/nids-sync.yaml").standardized.path(percentEncoded: false)

    private static var text: String {
        get throws { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }
    }

    /// The example with every key in force that stands behind "#", prose left alone.
    private static var uncommented: String {
        get throws {
            try text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                guard let match = line.wholeMatch(of: /( *)# ((?:  )*[a-z0-9_.]+:(?: .*)?)/) else {
                    return String(line)
                }
                return String(match.output.1 + match.output.2)
            }.joined(separator: "\n")
        }
    }

    private func load(_ file: SettingsFile) throws -> Settings {
        try SettingsLoader(file: file, environment: ["NIDS_NEXTCLOUD_PASSWORD": "hunter2", "STATE_DIRECTORY": "/s"])
            .load()
    }

    @Test("it parses, and only what is required is in force")
    func parses() throws {
        let file = try SettingsFile(path: Self.path)
        #expect(
            Set(file.settings.keys) == ["nextcloud.url", "nextcloud.user", "nextcloud.password_file", "nextcloud.root"])
        let settings = try load(file)
        #expect(settings.nextcloud.url == "https://cloud.example.org")
        #expect(settings.nextcloud.root == "Observations Media")
    }

    @Test("every known key is in it, and only known ones are")
    func complete() throws {
        let text = try Self.uncommented
        // A key without a value is not reported as a setting, so each gets one.
        let keys = Set(SettingKey.all.compactMap { $0.path.split(separator: ".").last } + ["api_key"])
        let valued = text.replacing(/(?m)^ +([a-z_]+):$/) { match in
            keys.contains(match.output.1) ? "\(match.output.0) x" : String(match.output.0)
        }
        let file = try SettingsFile(text: valued, name: "nids-sync.yaml")
        #expect(Set(file.settings.keys) == Set(SettingKey.all.map(\.path)))
        #expect(Set(file.engines.values.flatMap(\.keys)) == Set(SettingKey.engineKeys))
    }

    @Test("the defaults that it shows are the defaults")
    func defaults() throws {
        let shown = try loadEverything()
        let real = try load(SettingsFile(path: Self.path))
        #expect(shown.nextcloud.include == real.nextcloud.include)
        #expect(shown.nextcloud.exclude == real.nextcloud.exclude)
        #expect(shown.nextcloud.pollInterval == real.nextcloud.pollInterval)
        #expect(shown.nextcloud.walkInterval == real.nextcloud.walkInterval)
        #expect(shown.nextcloud.fullCheckInterval == real.nextcloud.fullCheckInterval)
        #expect(shown.nextcloud.maximumScanSize == real.nextcloud.maximumScanSize)
        #expect(shown.stateDirectory == real.stateDirectory)
        #expect(shown.transcription.models == real.transcription.models)
        #expect(shown.transcription.usesBatch == real.transcription.usesBatch)
        #expect(shown.observations == real.observations)
        #expect(shown.statusListen == real.statusListen)
        #expect(shown.stopGrace == real.stopGrace)
        #expect(shown.logLevel == real.logLevel)
    }

    /// The example with every key in force, the key file of an engine among them.
    private func loadEverything(models: String = "") throws -> Settings {
        let key = FileManager.default.temporaryDirectory.appending(path: "nids-example-\(UUID())")
        try Data("secret\n".utf8).write(to: key)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: key.path(percentEncoded: false))
        defer { try? FileManager.default.removeItem(at: key) }
        let text = try Self.uncommented.replacing("/etc/nids-sync/mistral-key", with: key.path(percentEncoded: false))
        return try SettingsLoader(
            file: SettingsFile(text: text, name: "nids-sync.yaml"),
            environment: [
                "NIDS_NEXTCLOUD_PASSWORD": "hunter2", "STATE_DIRECTORY": "/s", "NIDS_TRANSCRIPTION_MODELS": models,
            ]
        ).load()
    }

    @Test("its engines can be used as they stand there")
    func engines() throws {
        var settings = try loadEverything(models: "local_qwen,mistral,gemini_next,gemini_2.5_flash_lite").transcription
        #expect(settings.engines.keys.sorted() == settings.models.sorted())
        settings.geminiKey = Secret("g")
        let engines = try EngineSet(settings, http: HTTPClient())
        let paid = settings.models.filter { engines[$0]?.isPaid == true }
        #expect(paid.sorted() == ["gemini_2.5_flash_lite", "gemini_next", "mistral"])
        #expect(paid.allSatisfy { engines[$0]?.price != nil })
    }

    @Test("every key of an engine has a line of explanation above it where it comes first")
    func explainedEngines() throws {
        var explained: Set<Substring> = []
        var before: Substring = ""
        for line in try Self.text.split(separator: "\n") {
            if let key = line.wholeMatch(of: /\ +#\ {5}([a-z_]+):.*/)?.output.1, explained.insert(key).inserted {
                let isExplained = before.wholeMatch(of: /\ +#\ {5}#\ .*/) != nil
                #expect(isExplained, "no explanation of \(key)")
            }
            before = line
        }
        #expect(explained == Set(SettingKey.engineKeys.map { $0[...] }))
    }

    @Test("every key has a line of explanation above it, which names its default where none is shown")
    func explained() throws {
        var comments: [Substring] = []
        for line in try Self.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /\ +# ([a-z_]+):(.*)/),
                SettingKey.all.contains(where: { $0.path.hasSuffix("." + match.output.1) })
            {
                #expect(!comments.isEmpty, "no explanation of \(match.output.1)")
                if match.output.2.isEmpty {
                    #expect(comments.contains { $0.contains("Default:") }, "no default of \(match.output.1)")
                }
                comments = []
            } else if line.contains(/^\ +#/) {
                comments.append(line)
            } else {
                comments = []
            }
        }
    }
}
