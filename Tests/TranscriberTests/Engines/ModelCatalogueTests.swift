import Foundation
import Testing
import Transcriber

@Suite("The models that are known by a label")
struct ModelCatalogueTests {
    private static func day(_ text: String) throws -> Date { try Date(text + "T00:00:00Z", strategy: .iso8601) }

    /// A million tokens each way.
    private let used = TokenUsage(input: 1_000_000, output: 500_000, thinking: 500_000)

    @Test(
        "a price is the one of the day on which something is asked",
        arguments: [
            ("gemini_3_flash", "2026-11-30", 4.5), ("gemini_3_flash", "2026-12-31", 4.5),
            ("gemini_3_flash", "2027-01-01", 9.0), ("gemini_4_argon", "2026-11-30", 12),
            ("gemini_4_argon", "2026-12-01", 24), ("gemini_4_carbon", "2026-12-01", 24),
            ("gemini_4_hydrogen", "2026-12-01", 9), ("gemini_2.5_pro", "2026-11-30", 11.25),
            ("gemini_2.5_pro", "2026-12-01", 4.5), ("gemini_2.5_pro", "2027-06-01", 9),
        ])
    func price(label: String, day: String, cost: Double) throws {
        let price = try #require(ModelCatalogue.entry(for: label)?.price)
        #expect(price.cost(of: used, at: try Self.day(day)) == cost)
        #expect(price.cost(of: used, inBatch: true, at: try Self.day(day)) == cost / 2)
    }

    @Test("labels are told apart, and each paid model has a price")
    func entries() {
        let labels = ModelCatalogue.predefined.map(\.label)
        #expect(Set(labels).count == labels.count)
        #expect(ModelCatalogue.predefined.allSatisfy { ($0.price == nil) == ($0.engine == .tesseract) })
    }
}
