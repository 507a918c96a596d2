import Transcriber

/// The result's form, written down once more, apart from the schema that is under test.
enum ResultForm {
    private enum Cell {
        case text, year, flag
        case whole(ClosedRange<Int>)
    }

    private static let sections: [String: [String: Cell]] = [
        "informations_generales": [
            "n_fiche": .text, "observateur": .text, "n_espece": .whole(0...999_999), "espece": .text, "annee": .year,
        ],
        "nid": ["nid_prec_t_meme_c_ple": .flag, "haut_nid": .text, "h_c_vert": .text, "nid": .text],
        "localisation": [
            "IGN_50000": .text, "commune": .text, "dep_t": .text, "coordonnees_et_ou_lieu_dit": .text,
            "altitude": .text, "paysage": .text, "alentours": .text,
        ],
        "causes_echec": ["causes_d_echec": .text],
    ]
    private static let visit: [String: Cell] = [
        "Jour": .whole(1...31), "Mois": .whole(1...12), "Heure": .whole(0...24), "Nombre_oeuf": .whole(0...999),
        "Nombre_pou": .whole(0...999), "age": .text, "observations": .text,
    ]
    private static let date: [String: Cell] = ["jour": .whole(1...31), "Mois": .whole(1...12), "Precision": .text]
    private static let summary: [String: [String: Cell]] = [
        "1er_o_pondu": date, "1er_p_eclos": date, "1er_p_volant": date,
        "nombre_oeufs": ["pondus": .whole(0...999), "eclos": .whole(0...999), "n_ecl": .whole(0...999)],
        "nombre_poussins": ["1/2": .whole(0...999), "3/4": .whole(0...999), "vol_t": .whole(0...999)],
    ]

    /// Whether a document has exactly this form: every key, no other, each value of its type and in its range.
    static func holds(_ document: JSONValue) -> Bool {
        let keys = Set(sections.keys).union(["tableau_donnees", "tableau_donnees_2", "remarque"])
        guard let top = document.object, Set(top.names) == keys, fits(.text, top["remarque"]),
            sections.allSatisfy({ fits($0.value, top[$0.key]) }), let rows = top["tableau_donnees"]?.array,
            let table = top["tableau_donnees_2"]?.object, Set(table.names) == Set(summary.keys),
            summary.allSatisfy({ fits($0.value, table[$0.key]) })
        else { return false }
        return rows.allSatisfy { row in
            fits(visit, row) && row.object?.members.contains { !$0.value.isNull } == true
        }
    }

    private static func fits(_ cells: [String: Cell], _ value: JSONValue?) -> Bool {
        guard let object = value?.object, Set(object.names) == Set(cells.keys) else { return false }
        return cells.allSatisfy { fits($0.value, object[$0.key]) }
    }

    private static func fits(_ cell: Cell, _ value: JSONValue?) -> Bool {
        switch (cell, value) {
        case (_, .null?): true
        case (.text, .string(let text)?): !text.isEmpty
        case (.year, .string(let text)?): text.utf8.count == 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case (.flag, .bool?): true
        case (.whole(let range), .integer(let number)?): range.contains(number)
        default: false
        }
    }
}
