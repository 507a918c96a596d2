import Testing
import Transcriber

@testable import NidsSync

@Suite("What people decided about a misread species")
struct EquivalenceTests {
    private func sheet(
        _ name: String, _ espece: String?, code: Int? = nil, by person: String? = nil, isTheirs: Bool = false
    ) -> ObservationReading {
        var reading = ObservationReading.sample("jpeg/\(name).jpg", origin: isTheirs ? .personne : .modele)
        reading.fiche.informationsGenerales.espece = espece
        reading.fiche.informationsGenerales.nEspece = code
        reading.reviewer = person
        return reading
    }

    /// A model's reading, and the species that a person puts in its place.
    private func correct(
        _ name: String, _ read: String, to corrected: String, by person: String?, in store: any ObservationDatabase
    ) async throws {
        try await store.record(sheet(name, read))
        try await store.record(sheet(name, corrected, by: person, isTheirs: true))
    }

    /// `espece_statut` and `espece_nom` of a sheet.
    private func species(_ name: String, in store: any ObservationDatabase) async throws -> [String?] {
        try await store.texts(
            "SELECT espece_statut, espece_nom FROM nids_v_fiches WHERE chemin = 'jpeg/\(name).jpg'"
        ).first ?? []
    }

    @Test(
        "is taken for the same words, as a doubt until two people agreed; the words stay",
        arguments: StoreKind.available)
    func learned(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(sheet("earlier", "Grizard du bois"))
            #expect(try await species("earlier", in: store) == ["inconnue", nil])
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await store.record(sheet("later", "GRIZARD  du Bois"))
            for name in ["earlier", "later"] {
                #expect(try await species(name, in: store) == ["appris", "Pouillot véloce"])
            }
            let row = try await store.texts(
                """
                SELECT espece, espece_source, espece_code, espece_scientifique, espece_proposee, espece_score \
                FROM nids_v_fiches WHERE chemin = 'jpeg/later.jpg'
                """)
            #expect(
                row == [["GRIZARD  du Bois", "equivalence", "13110", "Phylloscopus collybita", nil, nil]])
            // The same person once more, and somebody who may be the same.
            try await correct("b", "Grizard du bois", to: "Pouillot veloce", by: "Zoé", in: store)
            try await correct("c", "Grizard du bois", to: "Pouillot véloce", by: nil, in: store)
            #expect(try await species("later", in: store) == ["appris", "Pouillot véloce"])
            try await correct("d", "Grizard du bois", to: "Phylloscopus collybita", by: "Ali", in: store)
            for name in ["earlier", "later"] {
                #expect(try await species(name, in: store) == ["certaine", "Pouillot véloce"])
            }
            let contents = try await store.contents()
            try await store.prepare()
            #expect(try await store.contents() == contents)
        }
    }

    @Test("is not taken against the sheet's code, nor in the place of a name", arguments: StoreKind.available)
    func limits(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await correct("b", "Pouillot velose", to: "Pouillot fitis", by: "Zoé", in: store)
            try await store.record(sheet("merle", "Grizard du bois", code: 11870))
            try await store.record(sheet("veloce", "Grizard du bois", code: 1311))
            try await store.record(sheet("nobody", "Grizard du bois", code: 99_998))
            try await store.record(sheet("near", "Pouillot velose"))
            try await store.record(sheet("near coded", "Pouillot velose", code: 13110))
            #expect(try await species("merle", in: store) == ["inconnue", nil])
            #expect(try await species("veloce", in: store) == ["appris", "Pouillot véloce"])
            #expect(try await species("nobody", in: store) == ["appris", "Pouillot véloce"])
            #expect(try await species("near", in: store) == ["appris", "Pouillot fitis"])
            #expect(try await species("near coded", in: store) == ["certaine", "Pouillot véloce"])
        }
    }

    @Test(
        "teaches nothing where a name was read, a genus or several species, or none was put there",
        arguments: [
            ("Merle noir", "Merle à plastron"), ("merle  NOIR", "Merle à plastron"), ("Turdus", "Merle noir"),
            ("Mésange", "Mésange bleue"), ("Grizard du bois", "Pouillot"), ("Grizard du bois", "Grizard"),
            ("Grizard du bois", "grizard-du-bois"),
        ])
    func nothing(_ read: String, _ corrected: String) async throws {
        for kind in StoreKind.available {
            try await kind.withStore { store in
                try await store.record(sheet("other", read))
                let before = try await species("other", in: store)
                try await correct("a", read, to: corrected, by: "Zoé", in: store)
                try await correct("b", read, to: corrected, by: "Ali", in: store)
                #expect(try await store.equivalences() == [])
                #expect(try await species("other", in: store) == before)
            }
        }
    }

    @Test("is not taken while people contradict each other", arguments: StoreKind.available)
    func contested(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(sheet("other", "Grizard du bois"))
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await correct("b", "Grizard du bois", to: "Pouillot fitis", by: "Ali", in: store)
            #expect(try await species("other", in: store) == ["inconnue", nil])
            #expect(try await store.equivalences().map(\.state) == [.conteste, .conteste])
            // One of them thinks again.
            try await store.record(sheet("b", "Pouillot véloce", by: "Ali", isTheirs: true))
            #expect(try await species("other", in: store) == ["certaine", "Pouillot véloce"])
            // And takes the correction back.
            try await store.record(sheet("b", "Grizard du bois", by: "Ali", isTheirs: true))
            #expect(try await species("other", in: store) == ["appris", "Pouillot véloce"])
            // What somebody else says of the same sheet is no second opinion.
            try await store.record(sheet("a", "Pouillot véloce", by: "Ali", isTheirs: true))
            #expect(try await species("other", in: store) == ["appris", "Pouillot véloce"])
            #expect(try await store.equivalences().map(\.people) == [["Ali"]])
        }
    }

    @Test("is listed, and undone: its rows are looked up anew, and others stay", arguments: StoreKind.available)
    func undone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(sheet("other", "Grizard du bois"))
            try await store.record(sheet("near", "Pouillot velose"))
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await correct("b", "Grizard-du-bois", to: "Pouillot véloce", by: "Ali", in: store)
            try await correct("c", "Pouillot velose", to: "Pouillot fitis", by: nil, in: store)
            let learned = Equivalence(
                reading: "Grizard du bois", speciesCode: "13110", speciesName: "Pouillot véloce",
                people: ["Ali", "Zoé"], sheets: 2, state: .confirme)
            let other = Equivalence(
                reading: "Pouillot velose", speciesCode: "13120", speciesName: "Pouillot fitis", people: [], sheets: 1,
                state: .appris)
            #expect(try await store.equivalences() == [learned, other])

            #expect(try await store.undoEquivalence(of: "Xyzzy") == 0)
            #expect(try await store.undoEquivalence(of: "🐦") == 0)
            #expect(try await store.undoEquivalence(of: "GRIZARD-du-bois") == 2)
            #expect(try await store.undoEquivalence(of: "Grizard du bois") == 0)
            #expect(try await species("other", in: store) == ["inconnue", nil])
            #expect(try await species("near", in: store) == ["appris", "Pouillot fitis"])
            // The corrections themselves stay, and teach nothing when they are recorded again.
            #expect(try await species("a", in: store) == ["certaine", "Pouillot véloce"])
            var again = sheet("a", "Pouillot véloce", by: "Zoé", isTheirs: true)
            again.fiche.remarque = "autre"
            #expect(try await store.record(again) == .updated)
            #expect(try await species("other", in: store) == ["inconnue", nil])
            var undone = learned
            undone.state = .annule
            #expect(try await store.equivalences() == [other, undone])
            // Another sheet does.
            try await correct("d", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            #expect(try await species("other", in: store) == ["appris", "Pouillot véloce"])
        }
    }

    @Test("stays when its sheet is moved onto another, or taken away", arguments: StoreKind.available)
    func moved(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await store.record(sheet("b", "Merle noir", by: "Ali", isTheirs: true))
            try await store.move(from: SheetKey("jpeg/a.jpg"), to: SheetKey("jpeg/b.jpg"))
            try await store.withdraw(SheetKey("jpeg/b.jpg"), model: nil, reason: "gone")
            try await store.record(sheet("other", "Grizard du bois"))
            #expect(try await species("other", in: store) == ["appris", "Pouillot véloce"])
        }
    }

    @Test("is known to a list that has the species, and to no other", arguments: StoreKind.available)
    func otherList(_ kind: StoreKind) async throws {
        let list = "code_euring,nom_scientifique,nom_francais\n77777,Parus novus,Xyzzy\n"
        let other = NameReference(species: try SpeciesReference(csv: Array(list.utf8), file: "especes.csv"))
        try await kind.withStore { store in
            try await correct("a", "Grizard du bois", to: "Pouillot véloce", by: "Zoé", in: store)
            try await store.record(sheet("other", "Grizard du bois"))
            let elsewhere = store.with(other)
            try await elsewhere.prepare()
            #expect(try await species("other", in: elsewhere) == ["inconnue", nil])
            try await store.prepare()
            #expect(try await species("other", in: store) == ["appris", "Pouillot véloce"])
        }
    }
}
