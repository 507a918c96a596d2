import Testing

@testable import NidsSync

@Suite("What a run may not lose unnoticed")
struct IdentityTests {
    private func identity(_ variables: [String: String] = [:]) throws -> RememberedSettings {
        var environment = SettingsLoaderTests.required
        environment["NIDS_TRANSCRIPTION_MODELS"] = "gemini_3_flash,tesseract"
        environment.merge(variables) { $1 }
        return RememberedSettings(try SettingsLoader(file: SettingsFile(), environment: environment).load())
    }

    private static let mariaDB = ["DB_HOST": "db", "DB_NAME": "nids", "DB_USER": "u", "DB_PASSWORD": "hunter2"]

    private func prepared(_ variables: [String: String] = [:]) async throws -> StateDatabase {
        let state = try StateDatabase.inMemory()
        try await identity(variables).check(against: state, acceptChange: false)
        for key in [MemoryTable.Key.server, .rootURL, .claim] { try await state.remember(key, "x") }
        try await state.storeScans([.sample("jpeg/a.jpg")], of: .sample("jpeg"), at: .sample, models: ["tesseract"])
        try await state.finish(1)
        return state
    }

    private func refusal(_ variables: [String: String], _ state: StateDatabase) async throws -> String {
        let identity = try identity(variables)
        let error = try await #require(throws: PassError.self) {
            try await identity.check(against: state, acceptChange: false)
        }
        guard case .changedIdentity(let change) = error else {
            Issue.record("unexpected \(error)")
            return ""
        }
        #expect(error.status == .configuration)
        #expect(error.description.contains("--accept-change"))
        return change
    }

    @Test("the first run is remembered, the same settings are fine")
    func same() async throws {
        let state = try await prepared()
        try await identity().check(against: state, acceptChange: false)
        #expect(try await state.recall(.claim) == "x")
        #expect(try await state.job(1)?.stage == .done)
    }

    @Test(
        "another server, user, root, home of the observations, primary, or a lost model has to be accepted",
        arguments: [
            (["NIDS_NEXTCLOUD_URL": "https://other.example.org"], "nextcloud.url"),
            (["NIDS_NEXTCLOUD_USER": "berta"], "nextcloud.user"),
            (["NIDS_NEXTCLOUD_ROOT": "Other"], "nextcloud.root"),
            (mariaDB, "DB_HOST"),
            (["NIDS_TRANSCRIPTION_MODELS": "gemini_3_flash"], "tesseract is no longer"),
            (["NIDS_TRANSCRIPTION_MODELS": "tesseract,gemini_3_flash"], "primary"),
        ])
    func changes(variables: [String: String], words: String) async throws {
        let state = try await prepared()
        #expect(try await refusal(variables, state).contains(words))
        #expect(try await refusal(variables, state).contains(words), "asking once does not make it accepted")
        #expect(try await state.recall(.claim) == "x")

        try await identity(variables).check(against: state, acceptChange: true)
        try await identity(variables).check(against: state, acceptChange: false)
    }

    @Test("a database that is no longer configured is not replaced by a file unnoticed")
    func lostDatabase() async throws {
        let state = try await prepared(Self.mariaDB)
        let change = try await refusal([:], state)
        #expect(change.contains("mariadb://db:3306/nids"))
        #expect(!change.contains("hunter2"))
    }

    @Test("a cluster that was given a node, has lost one or is named in another order is the same home, another is not")
    func cluster() async throws {
        func hosts(_ list: String) -> [String: String] { Self.mariaDB.merging(["DB_HOST": list]) { $1 } }
        let state = try await prepared(hosts("db1"))
        for list in ["db1,db2", "db2,db1", "db2,db3", "db3"] {
            try await identity(hosts(list)).check(against: state, acceptChange: false)
            #expect(try await state.job(1)?.stage == .done, "nothing is recorded once more")
        }
        #expect(try await refusal(hosts("db1"), state).contains("mariadb://db3:3306/nids"))
    }

    @Test("a lost key that changes the default model is noticed")
    func lostKey() async throws {
        let state = try await prepared(["NIDS_TRANSCRIPTION_MODELS": "", "GEMINI_API_KEY": "k"])
        #expect(try await refusal(["NIDS_TRANSCRIPTION_MODELS": ""], state).contains("gemini_3_flash"))
    }

    @Test("a model more, other intervals and another password are nobody's concern")
    func harmless() async throws {
        let state = try await prepared()
        try await identity([
            "NIDS_TRANSCRIPTION_MODELS": "gemini_3_flash,tesseract,gemini_3_pro", "NIDS_NEXTCLOUD_PASSWORD": "other",
            "NIDS_NEXTCLOUD_POLL_INTERVAL": "1h",
        ]).check(against: state, acceptChange: false)
        #expect(try await state.recall(.claim) == "x")
        #expect(try await refusal([:], state).contains("gemini_3_pro"), "the model more is remembered")
    }

    @Test(
        "the same place written with another slash is the same place",
        arguments: [
            ["NIDS_NEXTCLOUD_URL": "https://cloud.example.org/"], ["NIDS_NEXTCLOUD_ROOT": "Observations Media/"],
            ["NIDS_NEXTCLOUD_ROOT": "/Observations Media"],
        ])
    func slashes(variables: [String: String]) async throws {
        let state = try await prepared()
        try await identity(variables).check(against: state, acceptChange: false)
        #expect(try await state.recall(.claim) == "x")
        #expect(try await state.job(1) != nil)
    }

    @Test("another root begins anew, a new home of the observations gets everything once more")
    func consequences() async throws {
        var state = try await prepared()
        try await identity(["NIDS_NEXTCLOUD_ROOT": "Other"]).check(against: state, acceptChange: true)
        #expect(try await state.recall(.claim) == nil)
        #expect(try await state.recall(.server) == nil)
        #expect(try await state.job(1) == nil)

        state = try await prepared()
        try await identity(Self.mariaDB).check(against: state, acceptChange: true)
        #expect(try await state.recall(.claim) == "x")
        #expect(try await state.job(1)?.stage == .answered)
        #expect(try await state.job(1)?.isRecorded == false)
    }

    @Test("what is remembered holds no password")
    func noSecret() async throws {
        let state = try await prepared(Self.mariaDB)
        let stored = try #require(try await state.recall(.settings))
        #expect(!stored.contains("hunter2"))
    }
}
