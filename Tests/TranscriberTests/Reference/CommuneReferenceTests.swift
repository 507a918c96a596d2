import Testing

@testable import Transcriber

@Suite("A list of communes")
struct CommuneReferenceTests {
    /// As INSEE publishes the communes of all times.
    private static let insee = """
        COM,TNCC,NCC,NCCENR,LIBELLE,DATE_DEBUT,DATE_FIN
        01004,1,AMBERIEU EN BUGEY,Ambérieu-en-Bugey,Ambérieu-en-Bugey,1955-03-31,
        01003,1,AMAREINS,Amareins,Amareins,1943-01-01,1974-01-01
        2A004,1,AJACCIO,Ajaccio,Ajaccio,1976-01-01,
        20004,1,AJACCIO,Ajaccio,Ajaccio,1943-01-01,1976-01-01
        2B033,0,BASTIA,Bastia,Bastia,1976-01-01,
        83123,0,SANARY SUR MER,Sanary-sur-Mer,Sanary-sur-Mer,1943-01-01,
        38412,0,SAINT MARTIN D HERES,Saint-Martin-d'Hères,Saint-Martin-d'Hères,1943-01-01,
        25056,0,BESANCON,Besançon,Besançon,1943-01-01,
        67447,0,SCHILTIGHEIM,Schiltigheim,Schiltigheim,1943-01-01,
        71076,0,CHALON SUR SAONE,Chalon-sur-Saône,Chalon-sur-Saône,1943-01-01,
        10076,0,LA CHAPELLE SOUS BOIS,Chapelle-sous-Bois,La Chapelle-sous-Bois,1943-01-01,
        73150,0,LA PLAGNE,Plagne,La Plagne,1943-01-01,1960-01-01
        73150,0,LA PLAGNE,Plagne,La Plagne,1960-01-01,
        01700,0,VALMONT,Valmont,Valmont,1943-01-01,
        57690,0,VALMONT,Valmont,Valmont,1943-01-01,
        57691,0,VALMONT,Valmont,Valmont,1943-01-01,
        97411,0,SAINT DENIS,Saint-Denis,Saint-Denis,1943-01-01,
        93066,0,SAINT DENIS,Saint-Denis,Saint-Denis,1968-01-01,
        75066,0,SAINT DENIS,Saint-Denis,Saint-Denis,1943-01-01,1968-01-01

        """

    private func reference(_ text: String = insee) throws -> CommuneReference {
        try CommuneReference(csv: Array(text.utf8), file: "communes.csv")
    }

    @Test(
        "finds a commune however its name is written",
        arguments: [
            ("Ambérieu-en-Bugey", "01", "01004"), ("AMBERIEU EN BUGEY", "1", "01004"), ("Amareins", "Ain", "01003"),
            ("Sanary s/Mer", "83", "83123"), ("Sanary s/ Mer", "83", "83123"), ("SANARY/MER", nil, "83123"),
            ("St Martin d'Hères", "38", "38412"), ("St-Martin d’Heres", "Isère (38)", "38412"),
            ("Besançon (25)", nil, "25056"), ("25000 Besançon", nil, "25056"), ("Besançon (Doubs)", "25", "25056"),
            ("Chalon s/ Saône", "71", "71076"), ("La Chapelle s/s Bois", "10", "10076"),
            ("Chapelle-sous-Bois (La)", "10", "10076"), ("la plagne", "73", "73150"),
            ("Ajaccio", "2A", "2A004"), ("Ajaccio", "2a", "2A004"), ("Ajaccio", "20", "2A004"),
            ("Ajaccio", "Corse", "2A004"), ("Ajaccio", nil, "2A004"), ("Bastia", "20 Corse", "2B033"),
            ("St Denis", "93", "93066"), ("St-Denis", "75", "93066"), ("Saint Denis (974)", nil, "97411"),
            ("Valmont", "01", "01700"),
        ] as [(String, String?, String)])
    func found(_ name: String, _ department: String?, _ code: String) throws {
        let match = try #require(try reference().match(name: name, department: department))
        #expect(match.status == .certaine)
        #expect(match.commune?.code == code)
    }

    @Test(
        "takes none where several, or those of other departments alone, have the name, or none",
        arguments: [
            ("Valmont", nil, .plusieurs, ["01", "57"]), ("Valmont", "57", .plusieurs, ["01", "57"]),
            ("Valmont", "38", .autreDepartement, ["01", "57"]), ("Bastia", "2A", .autreDepartement, ["2B"]),
            ("Ajaccio", "38", .autreDepartement, ["20", "2A"]), ("Besançon (38)", nil, .autreDepartement, ["25"]),
            ("St Denis", nil, .plusieurs, ["75", "93", "974"]), ("Xyzzy", "25", .inconnue, []),
            ("🐦", "25", .inconnue, []), ("(25)", nil, .inconnue, []), ("/", nil, .inconnue, []),
            (String(repeating: "s/", count: 50_000), nil, .inconnue, []),
        ] as [(String, String?, CommuneMatch.Status, [String])])
    func notOne(_ name: String, _ department: String?, _ status: CommuneMatch.Status, _ departments: [String]) throws {
        let match = try #require(try reference().match(name: name, department: department))
        #expect(match.status == status)
        #expect(match.commune == nil)
        #expect(match.departments == departments)
    }

    @Test("says nothing of a sheet without a commune")
    func blank() throws {
        #expect(try reference().match(name: nil, department: "25") == nil)
        #expect(try reference().match(name: "  ", department: "25") == nil)
    }

    @Test("has coordinates where it is La Poste's, with a row for each postcode, and INSEE's list of one year has none")
    func otherForms() throws {
        let post = try reference(
            """
            \u{FEFF}#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Libellé_d_acheminement;Ligne_5;coordonnees_gps\r
            1004;AMBERIEU EN BUGEY;01500;AMBERIEU EN BUGEY;;45.957471, 5.370568\r
            25056;BESANCON;25000;BESANCON;;\r
            25056;BESANCON;25720;BESANCON;;47.254,6.02\r
            2A004;AJACCIO;20000;AJACCIO;;sans\r
            97411;ST DENIS;97400;ST DENIS;;-200,5

            """)
        #expect(post.communes.map(\.code) == ["01004", "25056", "2A004", "97411"])
        #expect(post.communes.map(\.latitude) == [45.957471, 47.254, nil, nil])
        #expect(post.communes.map(\.longitude) == [5.370568, 6.02, nil, nil])
        #expect(post.communes.map(\.department) == ["01", "25", "2A", "974"])
        #expect(post.match(name: "Ambérieu-en-Bugey", department: nil)?.status == .certaine)
        let today = try reference(
            "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
                + "COM,01015,84,01,01D,011,1,ARBOYS,Arboys,Arboys en Bugey,0104,\n"
                + "COMD,01015,,,,,1,ARBIGNIEU,Arbignieu,Arbignieu,,01015\n")
        #expect(today.communes.map(\.isFormer) == [false, true])
        #expect(today.match(name: "Arbignieu", department: "01")?.commune?.code == "01015")
        let plain = try reference("code_insee,nom,latitude,longitude\n25056,Besançon,47.25,6.02\n")
        #expect(plain.communes.map(\.latitude) == [47.25])
    }

    @Test(
        "with a fault is refused, and the file and line are named",
        arguments: [
            ("", 1, "empty"), ("nom,dep\nBesançon,25\n", 1, "code"), ("COM,DEP\n25056,25\n", 1, "name"),
            ("COM,LIBELLE\n", 1, "no commune"), ("COM,LIBELLE\n25056,Besançon\nX,Vif\n", 3, "« X »"),
            ("COM,LIBELLE\n25056,\n", 2, "no name"),
        ])
    func faults(_ text: String, _ line: Int, _ word: String) throws {
        let error = try #require(throws: ReferenceError.self) {
            try CommuneReference(csv: Array(text.utf8), file: "communes.csv")
        }
        #expect(error.line == line)
        #expect("\(error)".contains(word), "\(error)")
    }

    @Test("checks the commune of a sheet against its department")
    func checks() throws {
        let names = NameReference(communes: try reference())
        var fiche = Fiche()
        fiche.informationsGenerales.annee = "1977"
        fiche.localisation.commune = "Valmont"
        fiche.localisation.depT = "38"
        func rules(_ names: NameReference) -> [Check] {
            FicheChecks.checks(for: fiche, promptKind: .standard, currentYear: 2026, names: names)
                .filter { $0.field == "localisation.commune" }
        }
        let found = rules(names)
        #expect(found.map(\.rule) == ["commune_autre_departement"])
        #expect(found.first?.message.hasSuffix("mais de : 01, 57") == true)
        #expect(rules(NameReference()) == [])
        fiche.localisation.depT = "57"
        #expect(rules(names) == [])
        fiche.localisation.commune = "Hameau que personne ne connaît"
        #expect(rules(names) == [])
    }
}
