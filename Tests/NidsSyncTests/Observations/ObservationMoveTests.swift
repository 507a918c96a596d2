import Testing

@testable import NidsSync

@Suite("The rows of a scan that moved")
struct ObservationMoveTests {
    private let old = SheetKey("jpeg/a/fiche 1R.jpg")
    private let new = SheetKey("jpeg/é b/fiche 1R.jpg")

    private func reading(
        _ sheet: SheetKey, model: String = "a", origin: ObservationReading.Origin = .modele, _ espece: String
    ) -> ObservationReading {
        .sample(sheet.readablePath, model: model, origin: origin, espece: espece)
    }

    @Test("follow, and so do the pages beside it", arguments: StoreKind.available)
    func follows(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var twoPages = reading(old, "merle")
            twoPages.pages += ["jpeg/a/fiche 1V.jpg", "jpeg/elsewhere/fiche 1V.jpg"].map {
                ObservationReading.Page(path: Array($0.utf8), sha256: String(repeating: "b", count: 64))
            }
            try await store.record(twoPages)
            let ids = try await store.texts("SELECT id FROM nids_lectures")
            for _ in 0..<2 { try await store.move(from: old, to: new) }
            #expect(try await store.texts("SELECT id FROM nids_lectures") == ids)
            #expect(try await store.current().map { $0["chemin"] } == ["jpeg/é b/fiche 1R.jpg"])
            #expect(
                try await store.texts("SELECT chemin FROM nids_pages ORDER BY rang")
                    == [["jpeg/é b/fiche 1R.jpg"], ["jpeg/é b/fiche 1V.jpg"], ["jpeg/elsewhere/fiche 1V.jpg"]])
            #expect(try await store.record(reading(new, "merle")) == .updated)
            #expect(try await store.record(reading(old, "merle")) == .inserted)
        }
    }

    @Test(
        "stay away from what the new place already has, unless that is withdrawn or theirs is a person's",
        arguments: StoreKind.available)
    func merges(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for model in ["kept", "withdrawn", "personal"] {
                try await store.record(reading(new, model: model, "there"))
            }
            try await store.withdraw(new, model: "withdrawn", reason: "deleted")
            try await store.record(reading(old, model: "kept", "moved"))
            try await store.record(reading(old, model: "withdrawn", "moved"))
            try await store.record(reading(old, model: "personal", origin: .personne, "moved"))
            try await store.record(reading(old, model: "missing", "moved"))
            try await store.move(from: old, to: new)
            #expect(
                try await store.texts("SELECT modele, espece FROM nids_lectures ORDER BY modele")
                    == [["kept", "there"], ["missing", "moved"], ["personal", "moved"], ["withdrawn", "moved"]])
            #expect(try await store.texts("SELECT COUNT(*) FROM nids_fiches") == [["1"]])
            #expect(try await store.texts("SELECT COUNT(*) FROM nids_visites") == [["8"]])
        }
    }

    @Test("may be none", arguments: StoreKind.available)
    func nothing(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(reading(new, "merle"))
            let before = try await store.contents()
            try await store.move(from: old, to: new)
            try await store.move(from: new, to: new)
            try await store.withdraw(old, model: nil, reason: "gone")
            #expect(try await store.contents() == before)
        }
    }

    @Test(
        "onto another's place with an origin that is not known is refused by its word", arguments: StoreKind.available)
    func unknownOrigin(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for path in ["a.jpg", "b.jpg"] { try await store.record(.sample(path)) }
            try await store.write(concerning: nil) { session in
                try session.run("UPDATE nids_lectures SET origine = 'demain'")
            }
            let before = try await store.contents()
            let error = await #expect(throws: ObservationError.self) {
                try await store.move(from: SheetKey("a.jpg"), to: SheetKey("b.jpg"))
            }
            guard case .misconfigured(let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains("demain"))
            #expect(try await store.contents() == before)
        }
    }
}
