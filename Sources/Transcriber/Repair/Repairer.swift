/// Reads a sheet out of a document of nearly its form, noting what it had to change and what it had to leave out.
struct Repairer {
    /// Hostile answers must not make endless lists.
    private static let noteLimit = 200

    let promptKind: PromptKind
    private(set) var corrections: [String] = []
    private(set) var controles: [Controle] = []

    init(promptKind: PromptKind) {
        self.promptKind = promptKind
    }

    mutating func correct(_ correction: String) {
        guard corrections.count <= Self.noteLimit, !corrections.contains(correction) else { return }
        corrections.append(corrections.count == Self.noteLimit ? "et d'autres corrections" : correction)
    }

    /// Leaves a value out: a correction, and a remark that shows the value.
    mutating func leaveOut(_ value: JSONValue, at path: String, rule: String, because reason: String) {
        let shown = (value.string ?? value.serialized(.canonical)).shortened
        correct("\(path) : « \(shown) » mis à null")
        flag(path, rule, .erreur, "« \(shown) » : \(reason)")
    }

    mutating func flag(_ path: String, _ rule: String, _ gravite: Controle.Gravite, _ message: String) {
        guard controles.count < Self.noteLimit else { return }
        controles.append(Controle(champ: path, regle: rule, gravite: gravite, message: message))
    }

    /// The object that holds the sheet's sections: not in a list, not under a name of the model's own.
    static func unwrapped(_ document: JSONValue) -> JSONValue {
        var document = document
        for _ in 0..<4 {
            if let elements = document.array, let first = elements.first(where: { $0.object != nil }) {
                document = first
            } else if let object = document.object, KeyAliases.score(object) == 0, object.members.count <= 2,
                let inner = object.members.first(where: { ($0.value.object.map(KeyAliases.score) ?? 0) > 0 })
            {
                document = inner.value
            } else {
                break
            }
        }
        return document
    }

    mutating func fiche(from document: JSONValue) -> Fiche {
        let top = Self.unwrapped(document)
        if top != document {
            correct("objet de la fiche sorti de ce qui l'entourait")
            if let elements = document.array, elements.count > 1 {
                flag("", "plusieurs_fiches", .avertissement, "\(elements.count) objets lus, seul le premier est gardé")
            }
        }
        let sections = sections(of: top)
        var fiche = Fiche()
        fiche.informationsGenerales = informationsGenerales(sections["informations_generales"])
        fiche.nid = nid(sections["nid"])
        fiche.localisation = localisation(sections["localisation"])
        fiche.tableauDonnees = visites(sections["tableau_donnees"])
        fiche.tableauDonnees2 = resume(sections["tableau_donnees_2"])
        fiche.causesEchec = causes(sections["causes_echec"])
        fiche.remarque = text(sections["remarque"], at: "remarque")
        return fiche
    }

    /// The sections by their names, with the fields that stand outside their section put into it.
    private mutating func sections(of document: JSONValue) -> [String: JSONValue] {
        guard case .object(var object) = document else { return [:] }
        object["nids_sync"] = nil
        var strays: [(section: String, key: String, value: JSONValue)] = []
        var rest = JSONObject()
        for (name, value) in object.members {
            let normalized = KeyAliases.normalized(name)
            if KeyAliases.sections.key(normalized: normalized) == nil,
                let stray = KeyAliases.stray(normalized: normalized)
            {
                strays.append((stray.section, stray.key, value))
            } else {
                rest[name] = value
            }
        }
        var sections = members(of: .object(rest), at: "", keys: KeyAliases.sections)
        for (section, key, value) in strays {
            var object = sections[section]?.object ?? JSONObject()
            guard object[key] == nil || object[key] == .null else { continue }
            object[key] = value
            sections[section] = .object(object)
            correct("« \(key) » remis dans « \(section) »")
        }
        return sections
    }

    /// An object's members by their keys' right names.
    ///
    /// A list gives its first object; a text is the value of `scalarKey`, where there is one.
    mutating func members(
        of value: JSONValue?, at path: String, keys: KeyAliases.Table, scalarKey: String? = nil
    ) -> [String: JSONValue] {
        let place = path.isEmpty ? "document" : path
        switch value {
        case .object(let object):
            return named(object, at: path, keys: keys)
        case .array(let elements):
            correct("\(place) : liste remplacée par son premier élément")
            if elements.count > 1 {
                flag(place, "liste", .avertissement, "\(elements.count) éléments lus, seul le premier est gardé")
            }
            guard let first = elements.first(where: { $0.object != nil })?.object else { return [:] }
            return named(first, at: path, keys: keys)
        case nil, .null?:
            correct("\(place) : section manquante ajoutée, vide")
            return [:]
        case .string(let text)? where scalarKey == nil && text.trimmed.isEmpty:
            correct("\(place) : section manquante ajoutée, vide")
            return [:]
        case let value?:
            guard let scalarKey else {
                leaveOut(value, at: place, rule: "forme", because: "un objet est attendu ici")
                return [:]
            }
            correct("\(place) : valeur mise dans « \(scalarKey) »")
            return [scalarKey: value]
        }
    }

    private mutating func named(_ object: JSONObject, at path: String, keys: KeyAliases.Table) -> [String: JSONValue] {
        let prefix = path.isEmpty ? "" : path + "."
        var result: [String: JSONValue] = [:]
        for name in keys.names { result[name] = object[name] }
        let exact = Set(keys.names.map { Array($0.utf8) })
        for (name, value) in object.members where !exact.contains(Array(name.utf8)) {
            guard let key = keys.key(normalized: KeyAliases.normalized(name)) else {
                correct("clé inconnue « \(prefix)\(name.shortened) » retirée")
                continue
            }
            if let present = result[key], !present.isNull {
                if present != value { correct("« \(prefix)\(name.shortened) » retirée : « \(key) » est déjà là") }
                continue
            }
            result[key] = value
            correct("clé « \(prefix)\(name.shortened) » renommée « \(key) »")
        }
        for name in keys.names where result[name] == nil && !path.isEmpty {
            correct("clé manquante « \(prefix)\(name) » ajoutée, null")
        }
        return result
    }
}
