extension Repairer {
    mutating func informationsGenerales(_ value: JSONValue?) -> Fiche.InformationsGenerales {
        let path = "informations_generales"
        let members = members(of: value, at: path, keys: KeyAliases.informationsGenerales)
        var result = Fiche.InformationsGenerales()
        result.nFiche = text(members["n_fiche"], at: "\(path).n_fiche")
        result.observateur = text(members["observateur"], at: "\(path).observateur")
        result.nEspece = integer(
            members["n_espece"], at: "\(path).n_espece", in: 0...FicheSchema.largestSpeciesNumber, as: .count)
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
        let members = members(of: value, at: path, keys: KeyAliases.date, scalarKey: "jour")
        var result = Fiche.DateResume()
        (result.jour, result.mois) = dayAndMonth(
            members["jour"], members["Mois"], dayPath: "\(path).jour", monthPath: "\(path).Mois")
        result.precision = text(members["Precision"], at: "\(path).Precision")
        return result
    }

    mutating func causes(_ value: JSONValue?) -> Fiche.CausesEchec {
        let members = members(
            of: value, at: "causes_echec", keys: KeyAliases.causes, scalarKey: "causes_d_echec")
        var result = Fiche.CausesEchec()
        result.causesDEchec = text(members["causes_d_echec"], at: "causes_echec.causes_d_echec")
        return result
    }

    mutating func visites(_ value: JSONValue?) -> [Fiche.Visite] {
        let path = "tableau_donnees"
        var result: [Fiche.Visite] = []
        for row in rows(value, at: path) {
            let place = "\(path)[\(result.count)]"
            guard row.object != nil else {
                if row.isNull {
                    correct("\(path) : ligne vide retirée")
                } else {
                    leaveOut(row, at: place, rule: "forme", because: "une ligne du tableau est attendue ici")
                }
                continue
            }
            let visite = visite(row, at: place)
            if visite.isBlank {
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
            let isRow = object.names.contains { KeyAliases.visite.key(normalized: KeyAliases.normalized($0)) != nil }
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

    private mutating func visite(_ row: JSONValue, at path: String) -> Fiche.Visite {
        let members = members(of: row, at: path, keys: KeyAliases.visite)
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
