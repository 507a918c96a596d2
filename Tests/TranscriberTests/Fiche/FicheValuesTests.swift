import Testing

@testable import Transcriber

@Suite("What of a sheet can be computed with")
struct FicheValuesTests {
    @Test(
        "is a height in metres where the words say one",
        arguments: [
            ("2.5", 2.5), ("1,50 m", 1.5), ("≈3", 3), ("≈ 3 m", 3), ("env. 2 m", 2), ("Environ 2m", 2), ("2 m env.", 2),
            ("~ 1m50", 1.5), ("80 cm", 0.8), ("vers 1 250 m", 1250), ("12?", 12), ("±4", 4), ("-2", -2), ("0", 0),
        ])
    func heights(_ text: String, _ metres: Double) {
        var fiche = Fiche()
        fiche.nid.hautNid = text
        fiche.nid.hCVert = text
        fiche.localisation.altitude = text
        let values = FicheValues(fiche)
        #expect(values.nestHeight == metres)
        #expect(values.coverHeight == metres)
        #expect(values.altitude == metres)
    }

    @Test(
        "is none where they say several, a limit, nothing, or nonsense",
        arguments: [
            "2-3", "2 à 3 m", "250 - 300", "> 3", "moins de 2 m", "cime", "", "env.", "≈", "?", "1e308", "nan", "inf",
            "99999999999999999999", "1.2.3", "--4", "3 4", "٣", "½", "3 pieds", "\u{0}",
        ])
    func noHeight(_ text: String) {
        var fiche = Fiche()
        fiche.nid.hautNid = text
        fiche.localisation.altitude = String(repeating: text, count: 50_000)
        #expect(FicheValues(fiche).nestHeight == nil)
        #expect(FicheValues(fiche).altitude == nil)
    }

    @Test("is zero for a nest on the ground, and an altitude on the ground is none")
    func ground() {
        var fiche = Fiche()
        fiche.nid.hautNid = "Au sol"
        fiche.localisation.altitude = "au sol"
        #expect(FicheValues(fiche).nestHeight == 0)
        #expect(FicheValues(fiche).altitude == nil)
    }

    @Test("is a day where day, month and year are known and the calendar has it")
    func days() {
        var fiche = Fiche()
        fiche.informationsGenerales.annee = "1996"
        fiche.tableauDonnees2.premierOeufPondu.jour = 29
        fiche.tableauDonnees2.premierOeufPondu.mois = 2
        fiche.tableauDonnees2.premierPoussinEclos.mois = 4
        fiche.tableauDonnees2.premierPoussinVolant.jour = 31
        fiche.tableauDonnees2.premierPoussinVolant.mois = 6
        for (day, month) in [(1, 5), (31, 4), (nil, 5), (.max, .max), (.min, 1), (0, 0)] as [(Int?, Int?)] {
            var visite = Fiche.Visite()
            visite.jour = day
            visite.mois = month
            fiche.tableauDonnees.append(visite)
        }
        var values = FicheValues(fiche)
        #expect(values.year == 1996)
        #expect(values.firstEgg?.description == "1996-02-29")
        #expect(values.firstHatching == nil)
        #expect(values.firstFledging == nil)
        #expect(values.visits.map { $0?.description } == ["1996-05-01", nil, nil, nil, nil, nil])
        for year in ["1997", "0096", "96", "19960", "an 96", "１９９６", nil] {
            fiche.informationsGenerales.annee = year
            values = FicheValues(fiche)
            #expect(values.year == (year == "1997" ? 1997 : nil))
            #expect(values.firstEgg == nil)
        }
    }
}
