/// Checks what a sheet names against the lists of species and communes.
enum NameChecks {
    static func check(_ fiche: Fiche, _ names: NameReference, _ remarks: inout Remarks) {
        checkCode(fiche.informationsGenerales, names.species, &remarks)
        if let communes = names.communes { checkCommune(fiche.localisation, communes, &remarks) }
    }

    /// A low doubt: sheets of different times bear different codes, and observers copied them from lists.
    private static func checkCode(
        _ general: Fiche.InformationsGenerales, _ reference: SpeciesReference, _ remarks: inout Remarks
    ) {
        guard let name = general.espece, let code = general.nEspece,
            let other = reference.match(name: name, code: code)?.codeSpecies
        else { return }
        remarks.add(
            "informations_generales.n_espece", "espece_code", .info,
            "« \(name.shortened) » n'a pas le code \(code), qui est celui de l'espèce « \(other.frenchName) »")
    }

    /// What the list knows of the commune's department; that a list lacks a hamlet is no fault of the sheet.
    private static func checkCommune(
        _ place: Fiche.Localisation, _ communes: CommuneReference, _ remarks: inout Remarks
    ) {
        guard let name = place.commune, let match = communes.match(name: name, department: place.depT),
            match.status == .autreDepartement
        else { return }
        remarks.add(
            "localisation.commune", "commune_autre_departement", .avertissement,
            "« \(name.shortened) » n'est pas une commune du département « \((place.depT ?? "").shortened) », mais de : "
                + match.departments.prefix(6).joined(separator: ", "))
    }
}
