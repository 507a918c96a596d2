extension Repairer {
    mutating func informationsGenerales(_ value: JSONValue?) -> Fiche.InformationsGenerales {
        let path = "informations_generales"
        let members = members(of: value, at: path, keys: KeyAliases.informationsGenerales)
        var result = Fiche.InformationsGenerales()
        result.nFiche = text(members["n_fiche"], at: "\(path).n_fiche")
        result.observateur = text(members["observateur"], at: "\(path).observateur")
        result.nEspece = integer(
            members["n_espece"], at: "\(path).n_espece", in: 0...FicheSchema.largestSpeciesNumber, as: .species)
        result.espece = text(members["espece"], at: "\(path).espece")
        result.annee = year(members["annee"], at: "\(path).annee")
        return result
    }

    mutating func nid(_ value: JSONValue?) -> Fiche.Nid {
        let members = members(of: value, at: "nid", keys: KeyAliases.nid, scalarKey: "nid")
        var result = Fiche.Nid()
        result.nidPrecTMemeCPle = flag(members["nid_prec_t_meme_c_ple"], at: "nid.nid_prec_t_meme_c_ple")
        result.hautNid = metres(members["haut_nid"], at: "nid.haut_nid")
        result.hCVert = metres(members["h_c_vert"], at: "nid.h_c_vert")
        result.nid = text(members["nid"], at: "nid.nid")
        return result
    }

    mutating func localisation(_ value: JSONValue?) -> Fiche.Localisation {
        let path = "localisation"
        let members = members(of: value, at: path, keys: KeyAliases.localisation)
        var result = Fiche.Localisation()
        result.ign50000 = text(members["IGN_50000"], at: "\(path).IGN_50000")
        result.commune = text(members["commune"], at: "\(path).commune")
        result.depT = text(members["dep_t"], at: "\(path).dep_t")
        result.coordonneesEtOuLieuDit = text(
            members["coordonnees_et_ou_lieu_dit"], at: "\(path).coordonnees_et_ou_lieu_dit")
        result.altitude = metres(members["altitude"], at: "\(path).altitude")
        result.paysage = text(members["paysage"], at: "\(path).paysage")
        result.alentours = text(members["alentours"], at: "\(path).alentours")
        return result
    }

    mutating func resume(_ value: JSONValue?) -> Fiche.Resume {
        let path = "tableau_donnees_2"
        let members = members(of: value, at: path, keys: KeyAliases.resume)
        var result = Fiche.Resume()
        // A section that is missing as a whole was named already.
        guard !members.isEmpty else { return result }
        result.premierOeufPondu = date(members["1er_o_pondu"], at: "\(path).1er_o_pondu")
        result.premierPoussinEclos = date(members["1er_p_eclos"], at: "\(path).1er_p_eclos")
        result.premierPoussinVolant = date(members["1er_p_volant"], at: "\(path).1er_p_volant")
        let range = 0...FicheSchema.largestCount
        let oeufsPath = "\(path).nombre_oeufs"
        let oeufs = self.members(of: members["nombre_oeufs"], at: oeufsPath, keys: KeyAliases.oeufs)
        result.nombreOeufs.pondus = integer(oeufs["pondus"], at: "\(oeufsPath).pondus", in: range, as: .count)
        result.nombreOeufs.eclos = integer(oeufs["eclos"], at: "\(oeufsPath).eclos", in: range, as: .count)
        result.nombreOeufs.nEcl = integer(oeufs["n_ecl"], at: "\(oeufsPath).n_ecl", in: range, as: .count)
        let poussinsPath = "\(path).nombre_poussins"
        let poussins = self.members(of: members["nombre_poussins"], at: poussinsPath, keys: KeyAliases.poussins)
        result.nombrePoussins.unDemi = integer(poussins["1/2"], at: "\(poussinsPath).1/2", in: range, as: .count)
        result.nombrePoussins.troisQuarts = integer(poussins["3/4"], at: "\(poussinsPath).3/4", in: range, as: .count)
        result.nombrePoussins.volT = integer(poussins["vol_t"], at: "\(poussinsPath).vol_t", in: range, as: .count)
        return result
    }

    private mutating func date(_ value: JSONValue?, at path: String) -> Fiche.DateResume {
        let members = members(
            of: value.map { namingDay($0, "jour") }, at: path, keys: KeyAliases.date, scalarKey: "jour")
        var result = Fiche.DateResume()
        (result.jour, result.mois) = dayAndMonth(
            members["jour"], members["Mois"], dayPath: "\(path).jour", monthPath: "\(path).Mois")
        result.precision = text(members["Precision"], at: "\(path).Precision")
        return result
    }

    mutating func causes(_ value: JSONValue?) -> Fiche.CausesEchec {
        let members = members(
            of: joiningTicked(value), at: "causes_echec", keys: KeyAliases.causes, scalarKey: "causes_d_echec")
        var result = Fiche.CausesEchec()
        result.causesDEchec = text(members["causes_d_echec"], at: "causes_echec.causes_d_echec")
        return result
    }

    /// Boxes by their names, `{"prédation": true}`: the names of those that are ticked, before what is written.
    private mutating func joiningTicked(_ value: JSONValue?) -> JSONValue? {
        guard let object = value?.object else { return value }
        var rest = JSONObject()
        var ticked: [String] = []
        for (name, value) in object.members {
            let isKey = KeyAliases.causes.key(normalized: name.folded) != nil
            switch isKey || name.trimmed.isEmpty ? nil : Self.isTicked(value) {
            case true?: ticked.append(name.trimmed)
            case false?: correct("causes_echec : case « \(name.shortened) » sans coche retirée")
            case nil: rest[name] = value
            }
        }
        guard !ticked.isEmpty else { return rest.members.count == object.members.count ? value : .object(rest) }
        let key = rest.names.first { KeyAliases.causes.key(normalized: $0.folded) != nil }
        let written = key.flatMap { rest[$0] } ?? .null
        guard written.isBlank || written.string != nil else { return value }
        if let text = written.string?.trimmed, !text.isEmpty { ticked.append(text) }
        if let key { rest[key] = nil }
        rest["causes_d_echec"] = .string(ticked.joined(separator: ", "))
        correct("causes_echec : cases cochées jointes")
        return .object(rest)
    }

    mutating func visites(_ value: JSONValue?) -> [Fiche.Visite] {
        let path = "tableau_donnees"
        var result: [Fiche.Visite] = []
        for (index, row) in rows(value, at: path).enumerated() {
            let remarks = checks.count
            let name = "ligne \(index + 1) de la réponse"
            let place = "\(path)[\(result.count)]"
            guard row.object != nil else {
                if row.isNull {
                    correct("\(path) : ligne vide retirée")
                } else {
                    leaveOut(row, at: place, rule: "forme", because: "une ligne du tableau est attendue ici")
                    readdress(from: remarks, to: path, name)
                }
                continue
            }
            let visite = visite(row, at: place)
            if visite.isBlank {
                readdress(from: remarks, to: path, name)
                correct("\(path) : ligne vide retirée")
            } else {
                result.append(visite)
            }
        }
        return result
    }

    /// The table's rows: of a list, of one row without its list, of a list under a name, of rows under names.
    private mutating func rows(_ value: JSONValue?, at path: String) -> [JSONValue] {
        switch value {
        case .array(let rows):
            return rows
        case nil, .null?:
            correct("\(path) : section manquante ajoutée, vide")
            return []
        case .object(let object)?:
            correct("\(path) : objet remplacé par une liste")
            if object.members.isEmpty { return [] }
            let isRow = object.names.contains { name in
                let name = name.folded
                return Self.dateNames.contains(name) || KeyAliases.visite.key(normalized: name) != nil
            }
            if isRow { return [.object(object)] }
            if object.members.count == 1, let rows = object.members.first?.value.array { return rows }
            return object.members.map(\.value)
        case let value?:
            if value.string?.trimmed.isEmpty == true {
                correct("\(path) : section manquante ajoutée, vide")
            } else {
                leaveOut(value, at: path, rule: "forme", because: "une liste est attendue ici")
            }
            return []
        }
    }

    private static let dateNames: Set<String> = ["date", "dates", "datevisite", "datedelavisite", "jourmois"]

    /// A date under its own name stands in the day's cell, where both are read, unless one is there.
    private mutating func namingDay(_ value: JSONValue, _ key: String) -> JSONValue {
        guard let object = value.object,
            let name = object.names.first(where: { Self.dateNames.contains($0.folded) }),
            object.members.allSatisfy({ member in
                !["jour", "jours"].contains(member.name.folded) || member.value.isBlank
            })
        else { return value }
        correct("clé « \(name.shortened) » renommée « \(key) »")
        return .object(
            JSONObject(
                object.members.compactMap { member -> (String, JSONValue)? in
                    if member.name == name { return (key, member.value) }
                    return ["jour", "jours"].contains(member.name.folded) ? nil : member
                }))
    }

    private mutating func visite(_ row: JSONValue, at path: String) -> Fiche.Visite {
        let members = members(of: namingDay(row, "Jour"), at: path, keys: KeyAliases.visite)
        let range = 0...FicheSchema.largestCount
        var result = Fiche.Visite()
        (result.jour, result.mois) = dayAndMonth(
            members["Jour"], members["Mois"], dayPath: "\(path).Jour", monthPath: "\(path).Mois")
        result.heure = integer(members["Heure"], at: "\(path).Heure", in: 0...24, as: .hour)
        result.nombreOeuf = integer(members["Nombre_oeuf"], at: "\(path).Nombre_oeuf", in: range, as: .count)
        result.nombrePou = integer(members["Nombre_pou"], at: "\(path).Nombre_pou", in: range, as: .count)
        result.age = text(members["age"], at: "\(path).age")
        result.observations = text(members["observations"], at: "\(path).observations")
        return result
    }
}
