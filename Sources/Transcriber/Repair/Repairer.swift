/// Reads a sheet out of a document of nearly its form, noting what it had to change and what it had to leave out.
struct Repairer {
    /// Hostile answers must not make endless lists.
    private static let noteLimit = 200

    let promptKind: PromptKind
    private(set) var corrections: [String] = []
    private(set) var checks: [Check] = []
    /// The sheet's year, once it was read.
    private(set) var annee: String?

    init(promptKind: PromptKind) {
        self.promptKind = promptKind
    }

    mutating func correct(_ correction: String) {
        guard corrections.count <= Self.noteLimit, !corrections.contains(correction) else { return }
        corrections.append(corrections.count == Self.noteLimit ? "et d'autres corrections" : correction)
    }

    /// Leaves a value out: a correction, and a remark that shows the value.
    mutating func leaveOut(_ value: JSONValue, at path: String, rule: String, because reason: String) {
        let shown = value.shown
        correct("\(path) : « \(shown) » mis à null")
        flag(path, rule, .erreur, "« \(shown) » : \(reason)")
    }

    mutating func flag(_ path: String, _ rule: String, _ severity: Check.Severity, _ message: String) {
        guard checks.count < Self.noteLimit else {
            if checks.count == Self.noteLimit {
                checks.append(
                    Check(field: "", rule: "autres", severity: .avertissement, message: "et d'autres remarques"))
            }
            return
        }
        checks.append(Check(field: path, rule: rule, severity: severity, message: message))
    }

    /// Gives the remarks made since then to another field: theirs is not in the sheet.
    mutating func readdress(from count: Int, to path: String, _ name: String) {
        for index in checks.indices.dropFirst(count) {
            checks[index].field = path
            checks[index].message = "\(name) : \(checks[index].message)"
        }
    }

    mutating func fiche(from document: JSONValue) -> Fiche {
        let fragments = Fragments(document)
        let top = JSONValue.object(fragments.object)
        if top != document { correct("objet de la fiche sorti de ce qui l'entourait") }
        for check in fragments.checks { flag(check.field, check.rule, check.severity, check.message) }
        let sections = sections(of: top)
        var fiche = Fiche()
        fiche.informationsGenerales = informationsGenerales(sections["informations_generales"])
        annee = fiche.informationsGenerales.annee
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
            let normalized = name.folded
            if KeyAliases.sections.key(normalized: normalized) == nil,
                let stray = KeyAliases.stray(normalized: normalized)
            {
                strays.append((stray.section, stray.key, value))
            } else {
                rest[name] = value
            }
        }
        var sections = members(of: .object(rest), at: "", keys: KeyAliases.sections)
        for section in KeyAliases.sections.names {
            let own = strays.filter { $0.section == section }.map { ($0.key, $0.value) }
            if !own.isEmpty { sections[section] = self.section(section, sections[section], with: own) }
        }
        return sections
    }

    /// A section, with fields that stood outside it.
    private mutating func section(
        _ section: String, _ own: JSONValue?, with strays: [(key: String, value: JSONValue)]
    ) -> JSONValue? {
        guard let keys = KeyAliases.keys(of: section) else { return own }
        var object = JSONObject()
        if let own = own?.object {
            object = own
        } else if let own, !own.isBlank {
            let members = members(of: own, at: section, keys: keys, scalarKey: KeyAliases.scalarKey(of: section))
            object = JSONObject(keys.names.compactMap { name in members[name].map { (name, $0) } })
        }
        var names: [String: String] = [:]
        for name in object.names {
            if let key = keys.key(normalized: name.folded), names[key] == nil { names[key] = name }
        }
        for (key, value) in strays {
            if let present = names[key].flatMap({ object[$0] }), !present.isBlank || value.isBlank {
                if !value.isBlank, present != value {
                    correct("« \(key) » hors de « \(section) » retirée : « \(key) » est déjà là")
                    flag("\(section).\(key)", "cle_repetee", .avertissement, "« \(value.shown) » n'est pas gardé")
                } else {
                    correct("« \(key) » hors de « \(section) » retirée")
                }
                continue
            }
            object[names[key] ?? key] = value
            names[key] = names[key] ?? key
            correct("« \(key) » remis dans « \(section) »")
        }
        return .object(object)
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
            return members(ofList: elements, at: path, place, keys: keys, scalarKey: scalarKey)
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

    private mutating func members(
        ofList elements: [JSONValue], at path: String, _ place: String, keys: KeyAliases.Table, scalarKey: String?
    ) -> [String: JSONValue] {
        if let first = elements.first(where: { $0.object?.members.isEmpty == false })?.object {
            correct("\(place) : liste remplacée par son premier élément")
            let others = elements.filter { $0 != .object(first) && !$0.isBlank }
            if elements.count > 1 {
                flag(
                    place, "liste", .avertissement,
                    "\(elements.count) éléments lus, seul le premier objet est gardé"
                        + (others.isEmpty ? "" : ", sans « \(JSONValue.array(others).shown) »"))
            }
            return named(first, at: path, keys: keys)
        }
        let written = elements.filter { !$0.isBlank }
        if written.isEmpty {
            correct("\(place) : section manquante ajoutée, vide")
            return [:]
        }
        let texts = written.compactMap(\.string)
        // Two texts for a day are no day.
        if let scalarKey, texts.count == written.count, texts.count == 1 || scalarKey != "jour" {
            correct("\(place) : liste mise dans « \(scalarKey) »")
            return [scalarKey: .string(texts.map(\.trimmed).joined(separator: ", "))]
        }
        leaveOut(.array(elements), at: place, rule: "forme", because: "un objet est attendu ici")
        return [:]
    }

    private mutating func named(_ object: JSONObject, at path: String, keys: KeyAliases.Table) -> [String: JSONValue] {
        let prefix = path.isEmpty ? "" : path + "."
        var result: [String: JSONValue] = [:]
        for name in keys.names { result[name] = object[name] }
        let exact = Set(keys.names.map { Array($0.utf8) })
        for (name, value) in object.members where !exact.contains(Array(name.utf8)) {
            guard let key = keys.key(normalized: name.folded) else {
                correct("clé inconnue « \(prefix)\(name.shortened) » retirée")
                if !value.isBlank {
                    flag(
                        path, "cle_inconnue", .avertissement,
                        "« \(value.shown) », sous la clé inconnue « \(name.shortened) », n'est pas gardé")
                }
                continue
            }
            if let present = result[key], !present.isNull, !present.isBlank || value.isBlank {
                guard present != value else { continue }
                correct("« \(prefix)\(name.shortened) » retirée : « \(key) » est déjà là")
                if !value.isBlank {
                    flag(
                        prefix + key, "cle_repetee", .avertissement,
                        "« \(value.shown) », sous la clé « \(name.shortened) », n'est pas gardé")
                }
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
