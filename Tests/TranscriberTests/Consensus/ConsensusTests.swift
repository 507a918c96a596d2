import Testing
import Transcriber

@Suite("What several readings of one sheet agree on")
struct ConsensusTests {
    private func fiche(_ change: (inout Fiche) -> Void) -> Fiche {
        var fiche = Fiche()
        change(&fiche)
        return fiche
    }

    private func visit(_ jour: Int?, _ mois: Int?, eggs: Int? = nil) -> Fiche.Visite {
        var visite = Fiche.Visite()
        (visite.jour, visite.mois, visite.nombreOeuf) = (jour, mois, eggs)
        return visite
    }

    private func consensus(_ fiches: Fiche..., checks: [Check] = []) throws -> Consensus {
        let readings = fiches.enumerated().map { (label: "model\($0.offset)", fiche: $0.element) }
        return try #require(Consensus(readings, checks: checks))
    }

    @Test("one reading alone is no consensus")
    func alone() {
        #expect(Consensus([]) == nil)
        #expect(Consensus([(label: "a", fiche: Fiche())]) == nil)
    }

    @Test("the same sheet twice is agreement, spelling details aside")
    func agreement() throws {
        let first = fiche {
            $0.informationsGenerales.espece = "Merle noir"
            $0.nid.hautNid = "2.5"
            $0.tableauDonnees = [visit(3, 5, eggs: 4)]
        }
        let second = fiche {
            $0.informationsGenerales.espece = "merle  noir."
            $0.nid.hautNid = "2,5"
            $0.tableauDonnees = [visit(3, 5, eggs: 4)]
        }
        let consensus = try consensus(first, second)
        #expect(consensus.disagreements == [])
        #expect(
            consensus.agreed == [
                "informations_generales.espece", "nid.haut_nid", "tableau_donnees[0].Jour", "tableau_donnees[0].Mois",
                "tableau_donnees[0].Nombre_oeuf",
            ])
        // 5 + 4 + 7 + 9 + 6 + 1 + 1 fields of the form and 7 of the row, but for those five.
        #expect(consensus.blank == 35)
        #expect(consensus.agreement == 1)
    }

    @Test("contradictions and gaps are told apart, and the species comes before a description")
    func disagreements() throws {
        let first = fiche {
            $0.nid.nid = "mousse"
            $0.localisation.altitude = "200"
            $0.informationsGenerales.espece = "Merle noir"
        }
        let second = fiche {
            $0.nid.nid = "herbe"
            $0.informationsGenerales.espece = "Grive musicienne"
        }
        let consensus = try consensus(first, second)
        #expect(
            consensus.disagreements.map(\.path) == [
                "informations_generales.espece", "localisation.altitude", "nid.nid",
            ]
        )
        #expect(consensus.disagreements.map(\.kind) == [.conflicting, .partial, .conflicting])
        #expect(consensus.disagreements[0].values == ["Merle noir", "Grive musicienne"])
        #expect(consensus.disagreements.allSatisfy { $0.majority == nil })
        #expect(consensus.agreement == 0)
    }

    @Test("where two of three say otherwise than the primary, that is looked at first")
    func majority() throws {
        let others = fiche {
            $0.remarque = "vide"
            $0.localisation.commune = "Voiron"
        }
        let primary = fiche {
            $0.remarque = "vidé"
            $0.localisation.commune = "Voiron"
            $0.informationsGenerales.annee = "1977"
        }
        let third = fiche {
            $0.remarque = "Vide"
            $0.localisation.commune = "Vinay"
        }
        let consensus = try consensus(primary, others, third)
        #expect(
            consensus.disagreements.map(\.path) == [
                "informations_generales.annee", "remarque", "localisation.commune",
            ])
        #expect(consensus.disagreements.map(\.majority) == [.null, "vide", "Voiron"])
        #expect(consensus.disagreements.map(\.outvotesPrimary) == [true, true, false])
    }

    @Test("what a check doubts too is looked at before what matters as much")
    func doubts() throws {
        let first = fiche {
            $0.informationsGenerales.espece = "Merle noir"
            $0.localisation.depT = "99"
        }
        let second = fiche {
            $0.informationsGenerales.espece = "Merle"
            $0.localisation.depT = "38"
        }
        let checks = FicheChecks.checks(for: first, promptKind: .standard)
        let consensus = try consensus(first, second, checks: checks)
        #expect(consensus.disagreements.map(\.path) == ["localisation.dep_t", "informations_generales.espece"])
        #expect(consensus.disagreements.map(\.isDoubted) == [true, false])
    }

    @Test("visits are matched by month and day, and one that only some have is one disagreement")
    func visits() throws {
        let first = fiche { $0.tableauDonnees = [visit(1, 5, eggs: 1), visit(3, 5), visit(9, 5, eggs: 4)] }
        let second = fiche { $0.tableauDonnees = [visit(1, 5, eggs: 1), visit(4, 5), visit(9, 5, eggs: 5)] }
        let third = fiche { $0.tableauDonnees = [visit(4, 5), visit(9, 5, eggs: 5)] }
        let consensus = try consensus(first, second, third)
        #expect(
            Set(consensus.disagreements.map(\.path)) == [
                "tableau_donnees[0]", "tableau_donnees[1]", "tableau_donnees[+0]", "tableau_donnees[2].Nombre_oeuf",
            ])
        let extra = try #require(consensus.disagreements.first { $0.path == "tableau_donnees[+0]" })
        #expect(extra.kind == .row)
        #expect(extra.values.map(\.isNull) == [true, false, false])
        #expect(extra.outvotesPrimary)
        let own = try #require(consensus.disagreements.first { $0.path == "tableau_donnees[1]" })
        #expect(own.values.map(\.isNull) == [false, true, true])
        #expect(own.majority == .null)
        let eggs = try #require(consensus.disagreements.first { $0.path == "tableau_donnees[2].Nombre_oeuf" })
        #expect(eggs.values == [4, 5, 5])
        #expect(eggs.majority == 5)
        #expect(consensus.agreed == ["tableau_donnees[2].Jour", "tableau_donnees[2].Mois"])
    }

    @Test("the report names models, share, what to look at first, and both lists")
    func report() throws {
        let first = fiche {
            $0.informationsGenerales.espece = "Merle noir"
            $0.informationsGenerales.annee = "1977"
            $0.localisation.commune = "Voiron"
        }
        let second = fiche {
            $0.informationsGenerales.espece = "Merle"
            $0.informationsGenerales.annee = "1977"
            $0.localisation.commune = "Voiron"
        }
        let report = JSONValue(try consensus(first, second))
        #expect(report["modeles"] == ["model0", "model1"])
        #expect(report["taux_accord"] == 0.667)
        #expect(report["a_voir_d_abord"] == ["informations_generales.espece"])
        #expect(report["accords"] == ["informations_generales.annee", "localisation.commune"])
        let disagreement = try #require(report["desaccords"]?.array?.first)
        #expect(disagreement["champ"] == "informations_generales.espece")
        #expect(disagreement["genre"] == "valeurs_differentes")
        #expect(disagreement["valeurs"] == ["model0": "Merle noir", "model1": "Merle"])
        #expect(disagreement["majorite"] == nil)
        #expect(try JSONValue(parsing: report.serialized()) == report)
    }

    @Test("hostile tables of many thousand rows are compared in no time")
    func manyRows() throws {
        let first = fiche { $0.tableauDonnees = (0..<2_000).map { visit($0 % 31 + 1, 5) } }
        let second = fiche { $0.tableauDonnees = (0..<2_000).map { visit(($0 + 1) % 31 + 1, 5) } }
        let started = ContinuousClock.now
        #expect(try consensus(first, second).agreement == 0)
        #expect(ContinuousClock.now - started < .seconds(30))
    }
}
