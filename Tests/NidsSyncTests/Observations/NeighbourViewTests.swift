import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("Sheets beside each other, in the database")
struct NeighbourViewTests {
    private func reading(
        _ path: String, year: String?, number: String? = nil, observer: String? = nil, sha256: String? = nil,
        priority: Int? = 0
    ) -> ObservationReading {
        var reading = ObservationReading.sample(path)
        reading.fiche.informationsGenerales.annee = year
        reading.fiche.informationsGenerales.nFiche = number
        reading.fiche.informationsGenerales.observateur = observer
        reading.pages[0].sha256 = sha256 ?? ContentDigest.hex(of: Array(path.utf8))
        reading.priority = priority
        return reading
    }

    @Test("a year far from those of the folder's others is named, with theirs", arguments: StoreKind.available)
    func years(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for number in 0..<12 {
                try await store.record(reading("jpeg/a/\(number).jpg", year: "\(1975 + number % 4)"))
                // As many years apart as the sheets of an archive may be.
                try await store.record(reading("jpeg/b/\(number).jpg", year: "\(1950 + 5 * number)"))
                // Too few to tell.
                if number < 8 { try await store.record(reading("jpeg/c/\(number).jpg", year: "1980")) }
            }
            let doubts =
                "SELECT chemin, annee_nombre, annee_dossier, dossier FROM nids_v_annees_eloignees ORDER BY chemin"
            #expect(try await store.texts(doubts) == [])
            for (path, year) in [
                ("jpeg/a/x.jpg", "1917"), ("jpeg/a/y.jpg", "1980"), ("jpeg/a/z.jpg", "0077"), ("jpeg/c/x.jpg", "1930"),
                ("jpeg/b/x.jpg", "1945"), ("x.jpg", "1911"), ("jpeg/a/sub/x.jpg", "1911"),
            ] { try await store.record(reading(path, year: year)) }
            #expect(
                try await store.texts(doubts) == [
                    ["jpeg/a/x.jpg", "1917", "1977", "jpeg/a/"], ["jpeg/c/x.jpg", "1930", "1980", "jpeg/c/"],
                ])
            // It is a matter of the others: when they are gone, nothing is left to tell.
            try await store.withdraw(SheetKey("jpeg/c/1.jpg"), model: nil, reason: "gone")
            #expect(try await store.texts(doubts).count == 1)
        }
    }

    @Test(
        "likely duplicates are named, by their scans and by number, observer and year", arguments: StoreKind.available)
    func duplicates(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let digest = String(repeating: "b", count: 64)
            for reading in [
                reading("a.jpg", year: "1977", number: "25", observer: "Zoé"),
                reading("b.jpg", year: "1977", number: " 25", observer: "zoé "),
                reading("c.jpg", year: "1978", number: "25", observer: "Zoé"),
                reading("d.jpg", year: "1977", number: nil, observer: "Zoé"),
                reading("e.jpg", year: nil, number: "25", observer: "Zoé"),
                reading("f.jpg", year: "1977", number: "26", observer: "Zoé", sha256: digest),
                reading("g.jpg", year: "1979", number: "27", observer: "Zoé", sha256: digest),
                reading("h.jpg", year: "1979", number: "28", observer: "Zoé", sha256: ""),
                reading("i.jpg", year: "1979", number: "29", observer: "Zoé", sha256: ""),
            ] { try await store.record(reading) }
            let doubts = "SELECT chemin, chemin_doublon, motif FROM nids_v_doublons ORDER BY chemin"
            #expect(try await store.texts(doubts) == [["b.jpg", "a.jpg", "numero"], ["g.jpg", "f.jpg", "scan"]])
        }
    }

    @Test("what deserves a look comes first, with its reasons, and only what does", arguments: StoreKind.available)
    func toReview(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for number in 0..<12 { try await store.record(reading("jpeg/\(number).jpg", year: "1977")) }
            var worst = reading("jpeg/worst.jpg", year: "1977", priority: 90)
            worst.fiche.informationsGenerales.espece = "Xyzzy"
            worst.checks = [
                ObservationCheck(field: "", rule: "a", severity: "info", message: "peu"),
                ObservationCheck(field: "", rule: "b", severity: "erreur", message: "beaucoup"),
            ]
            var person = reading("jpeg/person.jpg", year: "1911", priority: 0)
            (person.origin, person.reviewer) = (.personne, "anne")
            // A row of version 1 has no priority, and checks that speak for one.
            var old = reading("jpeg/old.jpg", year: nil, priority: nil)
            old.checks = [ObservationCheck(field: "", rule: "c", severity: "erreur", message: "ancien")]
            for reading in [
                reading("jpeg/far.jpg", year: "1917", priority: 10), worst, person, old,
                reading("jpeg/twin.jpg", year: "1977", sha256: ContentDigest.hex(of: Array("jpeg/3.jpg".utf8))),
            ] { try await store.record(reading) }
            let list = try await store.toReview(limit: 2)
            #expect(list.count == 4)
            #expect(list.items.map(\.path) == ["jpeg/worst.jpg", "jpeg/far.jpg"])
            #expect(list.items.map(\.priority) == [90, 30])
            #expect(list.items[0].reasons.first == "beaucoup")
            #expect(list.items[0].reasons.last == "peu")
            #expect(list.items[0].reasons.contains { $0.contains("Xyzzy") })
            #expect(list.items[1].reasons.contains { $0.contains("1917") && $0.contains("vers 197") })
            let all = try await store.toReview(limit: 100)
            #expect(all.items.map(\.path) == ["jpeg/worst.jpg", "jpeg/far.jpg", "jpeg/twin.jpg", "jpeg/old.jpg"])
            #expect(all.items[2].reasons.contains("sans doute la même fiche que jpeg/3.jpg"))
            #expect(all.items[3].reasons.contains("ancien"))
        }
    }

    @Test(
        "a priority that changes by itself changes nothing else, and never a person's", arguments: StoreKind.available)
    func changed(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let model = reading("a.jpg", year: "1977", priority: 10)
            try await store.record(model)
            try await store.setPriority(40, of: model.sheet, model: model.model)
            #expect(try await store.texts("SELECT priorite_relecture FROM nids_lectures") == [["40"]])
            var renewed = model
            renewed.priority = 40
            #expect(try await store.record(renewed) == .unchanged)
            #expect(try await store.record(model) == .updated)
            var person = model
            (person.origin, person.priority) = (.personne, 0)
            try await store.record(person)
            try await store.setPriority(40, of: model.sheet, model: model.model)
            #expect(try await store.texts("SELECT priorite_relecture FROM nids_lectures") == [["0"]])
        }
    }

    @Test(
        "tables of an earlier version are not looked at, and the error says what sees to it",
        arguments: StoreKind.available)
    func earlier(_ kind: StoreKind) async throws {
        try await kind.withStore(isPrepared: false) { store in
            try await Version1.make(in: store)
            let error = await #expect(throws: ObservationError.self) { try await store.toReview(limit: 5) }
            #expect(error.map { "\($0)" }?.contains("next run") == true)
        }
    }

    @Test("twenty thousand sheets are looked through in seconds", arguments: StoreKind.available)
    func many(_ kind: StoreKind) async throws {
        try await kind.withStore(isPrepared: false) { store in
            try await Version1.make(in: store)
            try await Version1.record(
                (0..<20_000).map { number in
                    reading(
                        "jpeg/\(number / 200)/\(number).jpg", year: "\(1960 + number % 30)", number: "\(number)",
                        observer: "Zoé", priority: nil)
                }, in: store)
            try await store.prepare()
            let began = ContinuousClock.now
            let list = try await store.toReview(limit: 10)
            let taken = ContinuousClock.now - began
            print("\(kind): \(list.count) of 20,000 in \(taken)")
            #expect(list.count == 0)
            #expect(taken < .seconds(60))
        }
    }
}
