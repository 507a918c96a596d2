import Testing
import Transcriber

@Suite("The result's form")
struct FicheSchemaTests {
    @Test("the schema asks for the head first, then the table, then what is derived")
    func order() throws {
        let required = try #require(FicheSchema.jsonSchema["required"]?.array).compactMap(\.string)
        #expect(
            required == [
                "informations_generales", "nid", "localisation", "tableau_donnees", "tableau_donnees_2",
                "causes_echec", "remarque",
            ])
    }

    @Test("every object of the schema requires all its properties and allows no other")
    func closed() throws {
        var objects = 0
        func visit(_ node: JSONValue) {
            if let properties = node["properties"]?.object {
                objects += 1
                #expect(node["required"]?.array?.compactMap(\.string) == properties.names)
                #expect(node["additionalProperties"] == false)
                properties.members.forEach { visit($0.value) }
            }
            if let items = node["items"] { visit(items) }
        }
        visit(FicheSchema.jsonSchema)
        #expect(objects == 12)
    }

    @Test("no model is held to a range: it would have to invent a number in it")
    func ranges() {
        func visit(_ node: JSONValue) {
            for name in ["minimum", "maximum", "minLength", "maxLength", "pattern", "enum"]
            where node["properties"] == nil {
                #expect(node[name] == nil)
            }
            for (_, value) in node["properties"]?.object?.members ?? [] { visit(value) }
            if let items = node["items"] { visit(items) }
        }
        visit(FicheSchema.jsonSchema)
    }

    @Test("a blank sheet is of the form, with its own key too")
    func blank() throws {
        var object = try #require(JSONValue(Fiche()).object)
        #expect(FicheSchema.violations(of: .object(object)) == [])
        object["nids_sync"] = ["format": 1]
        #expect(FicheSchema.violations(of: .object(object)) == [])
    }

    @Test(
        "each departure from the form is a violation",
        arguments: [
            ("\"n_fiche\": \"12\", ", ""), ("\"n_fiche\"", "\"N_fiche\""), ("9920", "\"9920\""), ("9920", "9920.5"),
            ("\"Jour\": 3", "\"Jour\": 32"), ("\"Heure\": 9", "\"Heure\": 25"), ("\"2020\"", "\"20\""),
            ("true", "\"oui\""), ("\"remarque\":", "\"plus\": 1, \"remarque\":"), ("\"pondus\": 5", "\"pondus\": -1"),
            ("[{\"Jour\"", "[null, {\"Jour\""), ("\"Couple farouche\"", "[]"),
        ])
    func departures(old: String, new: String) throws {
        #expect(try FicheSchema.violations(of: JSONValue(parsing: Sample.good)) == [])
        #expect(try !FicheSchema.violations(of: JSONValue(parsing: Sample.changed(old, new))).isEmpty)
    }

    @Test("an empty row is a violation")
    func emptyRow() throws {
        var object = try #require(JSONValue(Fiche()).object)
        var row = JSONObject()
        for name in ["Jour", "Mois", "Heure", "Nombre_oeuf", "Nombre_pou", "age", "observations"] {
            row[name] = JSONValue.null
        }
        object["tableau_donnees"] = [.object(row)]
        #expect(FicheSchema.violations(of: .object(object)) == ["tableau_donnees[0]: empty row"])
    }

    @Test("each form has its prompt, which names every key", arguments: PromptKind.allCases)
    func prompts(_ kind: PromptKind) {
        let text = Prompt.text(for: kind)
        #expect(Prompt.version(of: kind) >= 1)
        func visit(_ value: JSONValue) {
            for (name, value) in value.object?.members ?? [] {
                #expect(text.contains(name), "\(name)")
                visit(value)
            }
        }
        visit(JSONValue(Fiche()))
        #expect(text.contains("verso") && text.contains("1977") == (kind == .ancien))
    }

    @Test("the old form's prompt says where on the paper things stand, and is known as another one than before")
    func oldForm() {
        let text = Prompt.text(for: .ancien)
        for place in ["45 %", "marge de droite, sous l'altitude", "Feuille IGN 1/25000", "Hauteur / sol", "1,50 m"] {
            #expect(text.contains(place), "\(place)")
        }
        #expect(text.contains("dans la colonne de cases à cocher, à gauche, va dans remarque"))
        #expect(Prompt.version(of: .ancien) == 2)
    }
}
