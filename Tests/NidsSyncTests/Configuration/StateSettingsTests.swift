import Testing

@testable import NidsSync

@Suite("The settings about the state alone")
struct StateSettingsTests {
    private func load(_ environment: [String: String]) throws -> StateSettings {
        try SettingsLoader(file: SettingsFile(), environment: environment).loadStateSettings()
    }

    @Test("neither a server nor a secret is asked for, and a secret's file that is not there does not matter")
    func withoutSecrets() throws {
        let settings = try load([
            "NIDS_STATE_DIRECTORY": "/state", "NIDS_NEXTCLOUD_PASSWORD_FILE": "/nonexistent/password",
            "NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "12.50",
        ])
        #expect(settings == StateSettings(directory: "/state", monthlyBudget: .sum(12.5)))
    }

    @Test("a misspelt variable is told: it would show another state")
    func misspelt() throws {
        #expect(throws: ConfigurationError.self) { try load(["NIDS_STATE_DIRECTRY": "/state"]) }
    }
}
