import Testing
import Transcriber

@Suite("What does not fit together in a sheet")
struct FicheChecksTests {
    private func rules(
        _ kind: PromptKind = .standard, _ change: (inout Fiche) -> Void
    ) -> [String] {
        var fiche = Fiche()
        change(&fiche)
        return FicheChecks.checks(for: fiche, promptKind: kind, currentYear: 2026).ofOneField.map(\.rule)
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
        for code in [
            "01", "1", "56", "95", "2A", "2b", "971", "976", "19", "Morbihan", "isere", "ISÈRE", "Isère (38)",
            "38 - Isère", "38 Isère", "Hte Savoie", "Htes-Pyrénées", "Côtes du Nord", "Seine et Oise", "Val d’Oise",
            "Corse", "La Réunion", "20", "Territoire de Belfort",
        ] {
            #expect(rules { $0.localisation.depT = code } == [], "\(code)")
        }
        for code in ["00", "96", "970", "977", "2C", "Bretagne", "-1", "0056", "38000", "", "👻"] {
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

    @Test("a number and a name that are not one department's are named")
    func contradictoryDepartment() {
        #expect(rules { $0.localisation.depT = "38 Savoie" } == ["departement"])
        #expect(rules { $0.localisation.depT = "78 Yvelines" } == [])
    }

    @Test("departments of the past and of today are told apart by the year, as worth a look")
    func historicDepartments() {
        for (code, year, isNamed) in [
            ("2A", "1970", true), ("2A", "1980", false), ("91", "1960", true), ("91", "1968", false),
            ("20", "1975", false), ("20", "1976", true), ("75", "1950", false), ("78", "1950", false),
        ] {
            var fiche = Fiche()
            fiche.localisation.depT = code
            fiche.informationsGenerales.annee = year
            let checks = FicheChecks.checks(for: fiche, promptKind: .standard, currentYear: 2026)
                .ofOneField
            #expect(checks.map(\.rule) == (isNamed ? ["departement"] : []), "\(code) \(year)")
            #expect(checks.allSatisfy { $0.severity == .info })
        }
    }

    @Test("a commune's field that names another department is named, and one that names none is left alone")
    func communeAndDepartment() {
        for (commune, department, isNamed) in [
            ("Voiron (38)", "73", true), ("Voiron (Isère)", "73", true), ("38500 Voiron", "73", true),
            ("Voiron (38)", "38", false), ("Voiron (Isère)", "Isère", false), ("Voiron", "73", false),
            ("Saint-Denis (93)", "75", false), ("Bonifacio (2A)", "20", false), ("Le Bois (les Îles)", "73", false),
            ("Voiron (38)", "999", false), ("20169 Bonifacio", "2A", false), ("97400 Saint-Denis", "974", false),
        ] {
            let named = rules {
                $0.localisation.commune = commune
                $0.localisation.depT = department
            }
            #expect(named.contains("commune_departement") == isNamed, "\(commune) \(department)")
        }
    }

    @Test("visits that say otherwise than the summary are named")
    func visitsAndSummary() {
        func visit(_ day: Int, _ month: Int, eggs: Int? = nil, young: Int? = nil, age: String? = nil) -> Fiche.Visite {
            var visite = visite(day, month)
            (visite.nombreOeuf, visite.nombrePou, visite.age) = (eggs, young, age)
            return visite
        }
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, eggs: 6)]
                $0.tableauDonnees2.nombreOeufs.pondus = 5
            } == ["oeufs_pondus"])
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, eggs: 3, young: 3)]
                $0.tableauDonnees2.nombreOeufs.pondus = 5
            } == ["contenu_pondus"])
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, young: 4)]
                $0.tableauDonnees2.nombreOeufs.eclos = 3
            } == ["poussins_eclos"])
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, eggs: 2)]
                ($0.tableauDonnees2.premierOeufPondu.jour, $0.tableauDonnees2.premierOeufPondu.mois) = (4, 5)
            } == ["ponte_visites"])
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, eggs: 0, young: 2)]
                ($0.tableauDonnees2.premierPoussinEclos.jour, $0.tableauDonnees2.premierPoussinEclos.mois) = (4, 5)
            } == ["eclosion_visites"])
        #expect(
            rules {
                $0.tableauDonnees = [visit(3, 5, young: 2)]
                $0.tableauDonnees2.nombrePoussins.volT = 3
            } == ["volants_visites"])
        #expect(rules { $0.tableauDonnees = [visit(3, 5, age: "3 j")] } == ["age_sans_poussin"])
        #expect(rules { $0.tableauDonnees = [visit(3, 5), visit(3, 5)] } == ["visite_repetee"])
        #expect(rules { $0.tableauDonnees = [visit(3, 5, eggs: 40)] } == ["nombre_plausible"])
        #expect(rules { $0.tableauDonnees = [visite(3, nil)] } == ["jour_sans_mois"])
    }

    @Test("without a number of hatched eggs the young are compared with the laid ones, and with each other")
    func young() {
        #expect(
            rules {
                $0.tableauDonnees2.nombreOeufs.pondus = 3
                $0.tableauDonnees2.nombrePoussins.volT = 4
            } == ["volants_pondus"])
        #expect(
            rules {
                $0.tableauDonnees2.nombrePoussins.unDemi = 2
                $0.tableauDonnees2.nombrePoussins.volT = 4
            } == ["poussins_ordre"])
    }

    @Test("eggs in December are named, a look at the nest then is worth one")
    func season() {
        func severities(_ month: Int, eggs: Int?) -> [Check.Severity] {
            var fiche = Fiche()
            fiche.tableauDonnees = [visite(3, month)]
            fiche.tableauDonnees[0].nombreOeuf = eggs
            return FicheChecks.checks(for: fiche, promptKind: .standard, currentYear: 2026).ofOneField.map(\.severity)
        }
        #expect(severities(12, eggs: 3) == [.avertissement])
        #expect(severities(12, eggs: nil) == [.info])
        #expect(severities(2, eggs: 3) == [.info])
        #expect(severities(2, eggs: 0) == [])
        #expect(severities(3, eggs: 3) == [])
    }

    @Test("an incubation of three days or of three months is named")
    func spans() {
        func rule(_ first: (Int, Int), _ second: (Int, Int)) -> [String] {
            rules {
                ($0.tableauDonnees2.premierOeufPondu.jour, $0.tableauDonnees2.premierOeufPondu.mois) = first
                ($0.tableauDonnees2.premierPoussinEclos.jour, $0.tableauDonnees2.premierPoussinEclos.mois) = second
            }
        }
        #expect(rule((1, 5), (4, 5)) == ["duree_incubation"])
        #expect(rule((1, 4), (1, 7)) == ["duree_incubation"])
        #expect(rule((28, 4), (14, 5)) == [])
    }

    @Test("heights that cannot be are named, words are not")
    func heights() {
        #expect(rules { $0.nid.hautNid = "250" } == ["hauteur_plausible"])
        #expect(rules { $0.nid.hautNid = "-1" } == ["hauteur_plausible"])
        #expect(rules { $0.localisation.altitude = "9000" } == ["altitude_plausible"])
        #expect(rules { $0.nid.hautNid = "au sol" } == [])
        #expect(
            rules {
                $0.nid.hautNid = "3"
                $0.nid.hCVert = "2,5"
            } == ["nid_couvert"])
    }

    @Test("a blank sheet is said to be blank, and nothing else is said of it")
    func blank() {
        #expect(rules { _ in } == ["fiche_vide"])
    }

    @Test("a hostile table cannot make endless remarks")
    func manyRows() {
        #expect(rules { $0.tableauDonnees = (0..<20_000).map { visite($0 % 31 + 1, 12 - $0 % 12) } }.count == 201)
    }

    @Test("nothing is held against the sheets that are kept with the tests")
    func sampleSheets() throws {
        for name in ["typed/fiche 27FINAL", "typed/fiche 29FINAL", "typed/fiche 36FINAL", "pairs/fiche 1"] {
            let fiche = try Fiche(parsing: SampleSheets.truth("\(name).truth.json"))
            #expect(FicheChecks.checks(for: fiche, promptKind: .standard) == [], "\(name)")
        }
    }
}

extension [Check] {
    /// Without the remark that a sheet of a few fields has few: the sheets of these tests have.
    fileprivate var ofOneField: [Check] { filter { $0.rule != "peu_de_champs" } }
}
