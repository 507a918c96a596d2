import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a label means")
struct ProviderModelsTests {
    @Test(
        "a provider's name for a version of a model is that model's",
        arguments: [
            ("gemini-2.5-pro", true), ("gemini-2.5-pro-002", true), ("gemini-2.5-pro@2026", true),
            ("gemini-2.5-pro 5.3 fra", true), ("gemini-2.5-pro-lite", false), ("gemini-2.5", false),
            ("gemini-2.5-pros", false), ("", false),
        ])
    func version(model: String, isOne: Bool) {
        #expect(ProviderModels.isVersion(model, of: "gemini-2.5-pro") == isOne)
    }

    @Test("a label means what it did until it means another, from then on")
    func update() async throws {
        let state = try StateDatabase.inMemory()
        var settings = Settings.Transcription(
            models: ["gemini_3_flash", "mine"], engines: ["mine": Settings.Engine(engine: .gemini, model: "one")])
        try await state.remember(settings, at: .sample)
        try await state.remember(settings, at: .sample + 100)
        let first = try await state.read { try $0.memory.providerModels() }
        #expect(first.meanings["mine"] == .init(id: "one", since: 1_800_000_000))
        #expect(first.meanings["gemini_3_flash"]?.id == ModelCatalogue.entry(for: "gemini_3_flash")?.providerID)
        settings.engines["mine"]?.model = "two"
        try await state.remember(settings, at: .sample + 200)
        let second = try await state.read { try $0.memory.providerModels() }
        #expect(second.isCurrent("one", label: "mine", askedAt: 1_800_000_100) == false)
        #expect(second.isCurrent("two-001", label: "mine", askedAt: 1_800_000_100))
        #expect(second.isCurrent("whatever", label: "mine", askedAt: 1_800_000_200))
        #expect(second.isCurrent("whatever", label: "unknown", askedAt: 0))
    }
}

extension StateDatabase {
    fileprivate func remember(_ settings: Settings.Transcription, at now: Date) async throws {
        try await write { try $0.memory.rememberProviderModels(settings, at: now) }
    }
}
