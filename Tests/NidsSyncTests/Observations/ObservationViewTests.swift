import Testing

@testable import NidsSync

@Suite("What people see of the observations")
struct ObservationViewTests {
    private func species(_ store: any ObservationDatabase) async throws -> [String?] {
        try await store.current().map { $0["espece"] }
    }

    @Test("is a person's reading, else the primary model's, else the first by label", arguments: StoreKind.available)
    func precedence(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample(model: "zeta", isPrimary: false, espece: "zeta"))
            #expect(try await species(store) == ["zeta"])
            try await store.record(.sample(model: "alpha", isPrimary: false, origin: .adoptee, espece: "alpha"))
            #expect(try await species(store) == ["alpha"])
            try await store.record(.sample(model: "prime", isPrimary: true, espece: "prime"))
            #expect(try await species(store) == ["prime"])
            try await store.record(.sample(model: "zeta", isPrimary: false, origin: .personne, espece: "person"))
            #expect(try await species(store) == ["person"])
            #expect(try await store.current(.visites).count == 2)
            #expect(try await store.count().readings == 3)
        }
    }

    @Test("leaves withdrawn readings out, and shows them again", arguments: StoreKind.available)
    func withdrawal(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample(model: "a", isPrimary: true, espece: "a"))
            try await store.record(.sample(model: "b", isPrimary: false, espece: "b"))
            try await store.record(.sample("other.jpg", espece: "other"))
            let sheet = ObservationReading.sample().sheet

            try await store.withdraw(sheet, model: "a", reason: "deleted")
            #expect(try await species(store) == ["b", "other"])
            try await store.withdraw(sheet, model: nil, reason: "scan gone")
            #expect(try await species(store) == ["other"])
            #expect(try await store.current(.visites).count == 2)
            // What was withdrawn before keeps its reason.
            let reasons = try await store.texts("SELECT modele, retiree_motif FROM nids_lectures ORDER BY id")
            #expect(reasons == [["a", "deleted"], ["b", "scan gone"], ["gemini_3_flash", nil]])
            let counts = try await store.count()
            #expect(counts.sheets == 1)
            #expect(counts.readings == 1)
            #expect(counts.withdrawn == 2)
            #expect(counts.visits == 2)
            #expect(counts.checks == 1)

            try await store.reinstate(sheet, model: "b")
            #expect(try await species(store) == ["b", "other"])
            // Recorded again, a withdrawn reading is active.
            #expect(try await store.record(.sample(model: "a", isPrimary: true, espece: "a")) == .updated)
            #expect(try await species(store) == ["a", "other"])
            #expect(try await store.count().withdrawn == 0)
        }
    }

    @Test("follows the primary label when it is another one", arguments: StoreKind.available)
    func primary(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample(model: "a", isPrimary: true, espece: "a"))
            try await store.record(.sample(model: "b", isPrimary: false, espece: "b"))
            try await store.setPrimary(model: "b")
            #expect(try await species(store) == ["b"])
            #expect(try await store.record(.sample(model: "b", isPrimary: true, espece: "b")) == .unchanged)
            #expect(try await store.record(.sample(model: "a", isPrimary: true, espece: "a")) == .updated)
        }
    }

    @Test("is ordered by path, sheet by sheet, across batches", arguments: StoreKind.available)
    func order(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let names = (0..<450).map { "fiche \($0).jpg" }
            for name in names.shuffled() { try await store.record(.sample(name)) }
            let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(try await store.current().map { $0["chemin"] } == sorted)
            #expect(try await store.current(.visites).map { $0["chemin"] } == sorted.flatMap { [$0, $0] })
        }
    }

    @Test("stops when the reader throws, with the reader's error", arguments: StoreKind.available)
    func throwing(_ kind: StoreKind) async throws {
        struct Full: Error {}
        try await kind.withStore { store in
            try await store.record(.sample())
            await #expect(throws: Full.self) { try await store.forEachCurrent(.fiches) { _ in throw Full() } }
        }
    }
}
