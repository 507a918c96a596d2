import Testing
import Transcriber

@Suite("What does not fit together in a sheet")
struct FicheChecksTests {
    private func rules(
        _ kind: PromptKind = .standard, _ change: (inout Fiche) -> Void
    ) -> [String] {
        var fiche = Fiche()
        change(&fiche)
        return FicheChecks.controles(for: fiche, promptKind: kind, currentYear: 2026).map(\.regle)
    }

    private func visite(_ jour: Int?, _ mois: Int?) -> Fiche.Visite {
        var visite = Fiche.Visite()
        visite.jour = jour
        visite.mois = mois
        return visite
    }

    @Test("more hatched than laid, more fledged than hatched, and a wrong remainder are named")
    func counts() {
        #expect(
            rules {
                $0.tableauDonnees2.nombreOeufs.pondus = 3
                $0.tableauDonnees2.nombreOeufs.eclos = 4
            }
                == ["eclos_pondus"])
        #expect(
            rules {
                $0.tableauDonnees2.nombreOeufs.eclos = 3
                $0.tableauDonnees2.nombrePoussins.volT = 4
            }
                == ["volants_eclos"])
        #expect(
            rules {
                $0.tableauDonnees2.nombreOeufs.pondus = 5
                $0.tableauDonnees2.nombreOeufs.eclos = 3
                $0.tableauDonnees2.nombreOeufs.nEcl = 1
            } == ["non_eclos"])
        #expect(rules { $0.tableauDonnees2.nombreOeufs.pondus = 3 } == [])
    }

    @Test(
        "a day that its month does not have is named", arguments: [(31, 6, "2020"), (30, 2, "2020"), (29, 2, "2021")])
    func impossibleDay(day: Int, month: Int, year: String) {
        #expect(
            rules {
                $0.informationsGenerales.annee = year
                $0.tableauDonnees = [visite(day, month)]
            }
                == ["jour_mois"])
    }

    @Test("the 29th of February stands in a leap year, or when no year is known", arguments: ["2020", "2000", nil])
    func leapDay(year: String?) {
        #expect(
            rules {
                $0.informationsGenerales.annee = year
                $0.tableauDonnees = [visite(29, 2)]
            } == [])
    }

    @Test("visits and milestones out of order are named")
    func order() {
        #expect(rules { $0.tableauDonnees = [visite(3, 6), visite(2, 6)] } == ["visites_ordre"])
        #expect(rules { $0.tableauDonnees = [visite(3, 6), visite(nil, 5)] } == ["visites_ordre"])
        #expect(rules { $0.tableauDonnees = [visite(3, 6), visite(nil, nil), visite(3, 6), visite(1, 7)] } == [])
        #expect(
            rules {
                $0.tableauDonnees2.premierOeufPondu.mois = 6
                $0.tableauDonnees2.premierPoussinVolant.mois = 5
            } == ["resume_ordre"])
    }

    @Test("a year before 1900 or after this one is named", arguments: ["1899", "2027", "0000"])
    func year(_ year: String) {
        #expect(rules { $0.informationsGenerales.annee = year } == ["annee_plausible"])
    }

    @Test("departments of France are known, others are named")
    func departments() {
        for code in ["01", "1", "56", "95", "2A", "2b", "971", "976", "19"] {
            #expect(rules { $0.localisation.depT = code } == [], "\(code)")
        }
        for code in ["00", "96", "970", "977", "2C", "Morbihan", "-1", "0056"] {
            #expect(rules { $0.localisation.depT = code } == ["departement"], "\(code)")
        }
        #expect(
            rules {
                $0.localisation.depT = "20"
                $0.informationsGenerales.annee = "1970"
            } == [])
        #expect(
            rules {
                $0.localisation.depT = "20"
                $0.informationsGenerales.annee = "1990"
            } == ["departement"])
    }
}
