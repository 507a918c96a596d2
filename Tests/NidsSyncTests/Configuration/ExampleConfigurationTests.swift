import Foundation
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
                guard let match = line.wholeMatch(of: /( *)# ((?:  )*[a-z_]+:(?: .*)?)/) else { return String(line) }
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
        let valued = text.replacing(/(?m)^( +(?:[a-z_]+)):$/) { match in
            ["engines", "gemini", "openai", "gemini_next"].contains(match.output.1.drop { $0 == " " })
                ? String(match.output.0) : "\(match.output.1): x"
        }
        let file = try SettingsFile(text: valued, name: "nids-sync.yaml")
        #expect(Set(file.settings.keys) == Set(SettingKey.all.map(\.path)))
        #expect(Set(file.engines.values.flatMap(\.keys)) == Set(SettingKey.engineKeys))
    }

    @Test("the defaults that it shows are the defaults")
    func defaults() throws {
        let shown = try load(SettingsFile(text: Self.uncommented, name: "nids-sync.yaml"))
        let real = try load(SettingsFile(path: Self.path))
        #expect(shown.nextcloud.include == real.nextcloud.include)
        #expect(shown.nextcloud.exclude == real.nextcloud.exclude)
        #expect(shown.nextcloud.pollInterval == real.nextcloud.pollInterval)
        #expect(shown.nextcloud.walkInterval == real.nextcloud.walkInterval)
        #expect(shown.nextcloud.fullCheckInterval == real.nextcloud.fullCheckInterval)
        #expect(shown.nextcloud.maximumScanSize == real.nextcloud.maximumScanSize)
        #expect(shown.stateDirectory == real.stateDirectory)
        #expect(shown.transcription.models == real.transcription.models)
        #expect(shown.observations == real.observations)
        #expect(shown.statusListen == real.statusListen)
        #expect(shown.stopGrace == real.stopGrace)
        #expect(shown.logLevel == real.logLevel)
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
