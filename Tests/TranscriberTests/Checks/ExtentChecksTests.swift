import Testing

@testable import Transcriber

@Suite("How much there is in a reading")
struct ExtentChecksTests {
    private func rules(_ fiche: Fiche, _ kind: PromptKind = .standard) -> [String] {
        FicheChecks.checks(for: fiche, promptKind: kind).map(\.rule)
    }

    @Test("a sheet of which hardly anything was read is a doubt")
    func few() throws {
        var fiche = Fiche()
        fiche.informationsGenerales.espece = "Merle noir"
        fiche.informationsGenerales.annee = "1987"
        fiche.localisation.commune = "Voiron"
        #expect(rules(fiche).contains("peu_de_champs"))
        let known = ["typed/fiche 27FINAL", "printings/boxes", "hand/fiche 112FINAL"]
        for name in known {
            let truth = try FicheRepair.repair(SampleSheets.truth(name + ".truth.json")).fiche
            #expect(!rules(truth).contains("peu_de_champs"), "\(name)")
        }
    }

    @Test("visits without end are a doubt")
    func visits() {
        func fiche(_ visits: Int) -> Fiche {
            var fiche = Fiche()
            fiche.tableauDonnees = (0..<visits).map { index in
                var visite = Fiche.Visite()
                (visite.jour, visite.mois) = (index % 28 + 1, 5)
                return visite
            }
            return fiche
        }
        #expect(!rules(fiche(56)).contains("visites_nombreuses"))
        #expect(rules(fiche(300)).contains("visites_nombreuses"))
    }
}
