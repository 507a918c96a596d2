import Foundation
import Testing

@testable import NidsSync

@Suite("Secrets in places that are not theirs")
struct PastedSecretTests {
    private static let secret = "hunter2-never-shown"
    private static let engine = "transcription.engines:\n  gemini_2.5_pro:\n    thinking: 0\n"

    private func load(_ yaml: String = "", _ variables: [String: String] = [:], for path: String = "") throws
        -> Settings
    {
        var environment = SettingsLoaderTests.required.merging(["DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u"]) { $1 }
        if path == "nextcloud.password" { environment["NIDS_NEXTCLOUD_PASSWORD"] = nil }
        environment.merge(variables) { $1 }
        return try SettingsLoader(file: SettingsFile(text: yaml, name: "nids.yaml"), environment: environment).load()
    }

    @Test(
        "an address that holds a login is refused without showing it",
        arguments: [
            "https://anne:%@cloud.example.org", "anne:%@cloud.example.org", "ftp://anne:%@cloud.example.org",
            "https://anne:%/@cloud.example.org",
        ])
    func loginInAddress(url: String) throws {
        for key in ["NIDS_NEXTCLOUD_URL", "NIDS_TRANSCRIPTION_GEMINI_BASE_URL", "NIDS_TRANSCRIPTION_OPENAI_BASE_URL"] {
            let error = try #require(throws: ConfigurationError.self) {
                try load("", [key: url.replacing("%", with: Self.secret)])
            }
            #expect(error.place == .variable(key))
            #expect(!"\(error)".contains(Self.secret))
        }
    }

    @Test(
        "an address whose query may hold a key is refused without showing it",
        arguments: [
            "https://api.example.org/v1?key=%", "https://api.example.org/#%", "https://api.example.org:99999/%",
            "% ", "ftp://api.example.org/%",
        ])
    func keyInAddress(url: String) throws {
        for key in ["NIDS_NEXTCLOUD_URL", "NIDS_TRANSCRIPTION_GEMINI_BASE_URL", "NIDS_TRANSCRIPTION_OPENAI_BASE_URL"] {
            let error = try #require(throws: ConfigurationError.self) {
                try load("", [key: url.replacing("%", with: Self.secret)])
            }
            #expect(error.place == .variable(key))
            #expect(!"\(error)".contains(Self.secret))
        }
        let error = try #require(throws: ConfigurationError.self) {
            try load(Self.engine + "    base_url: \(url.replacing("%", with: Self.secret))\n")
        }
        #expect(!"\(error)".contains(Self.secret))
    }

    @Test(
        "a host that holds a login or a key is refused without showing it",
        arguments: [
            "mysql://u:%@db/nids", "u:%@db", "db?password=%", "db:%", "db;password=%", "%!", "a, mysql://u:%@db",
        ])
    func loginInHost(host: String) throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load("", ["DB_HOST": host.replacing("%", with: Self.secret)])
        }
        #expect(error.key == "observations.host")
        #expect(error.place == .variable("DB_HOST"))
        #expect(!"\(error)".contains(Self.secret))
    }

    @Test(
        "a secret given in the place of a file that holds it is not shown as a file's name",
        arguments: [
            secret, "Ab3dE-fGh1j-K2lmN-oPq4r-St5uV", "/aB3/dE4+fG==", "/hunter2-never-shown", "AIza-0123456789abc",
        ])
    func secretAsFile(value: String) throws {
        for key in [
            "NIDS_NEXTCLOUD_PASSWORD_FILE", "GEMINI_API_KEY_FILE", "DB_PASSWORD_FILE", "NIDS_NEXTCLOUD_CA_FILE",
        ] {
            let error = try #require(throws: ConfigurationError.self) {
                try load("", [key: value], for: key.contains("NEXTCLOUD_PASSWORD") ? "nextcloud.password" : "")
            }
            #expect(error.place == .variable(key))
            #expect(!"\(error)".contains(value))
        }
    }

    @Test(
        "a secret pasted where another value belongs is not repeated",
        arguments: [
            "nextcloud.poll_interval", "nextcloud.max_scan_size", "nextcloud.allow_http", "transcription.models",
            "transcription.concurrency", "transcription.monthly_budget", "observations.port", "observations.tls",
            "status.listen", "stop.grace", "log.level", "state.directory", "nextcloud.url",
        ])
    func secretElsewhere(key: String) throws {
        // By its form, and by being the password that is given too.
        for (value, password) in [
            ("AIzaSyA-1234567890abcdefghijklmnopqrstu", "x"), ("sk-proj-0123456789abcdef", "x"),
            ("Ab3dE-fGh1j-K2lmN-oPq4r-St5uV", "x"), ("it is \(Self.secret)", Self.secret),
        ] {
            let error = try #require(throws: ConfigurationError.self) {
                try load(
                    "\(key): \"\(value)\"",
                    ["DB_PASSWORD": password].merging(key == "nextcloud.url" ? ["NIDS_NEXTCLOUD_URL": ""] : [:]) { $1 })
            }
            #expect(error.key == key)
            #expect(!"\(error)".contains(value))
            #expect(!"\(error)".contains(Self.secret))
        }
    }

    @Test("an engine's address that holds a login is refused without showing it")
    func loginInEngineAddress() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load(Self.engine + "    base_url: https://anne:\(Self.secret)@example.org\n")
        }
        #expect(error.key == "transcription.engines.gemini_2.5_pro.base_url")
        #expect(!"\(error)".contains(Self.secret))
    }
}
