/// Checks that a sheet's number is the code of the species that it names.
///
/// A low doubt: sheets of different times bear different codes, and observers copied them from lists.
enum SpeciesChecks {
    static func check(_ fiche: Fiche, _ reference: SpeciesReference, _ remarks: inout Remarks) {
        let (name, code) = (fiche.informationsGenerales.espece, fiche.informationsGenerales.nEspece)
        guard let name, let code, let match = reference.match(name: name, code: code), let other = match.codeSpecies
        else { return }
        remarks.add(
            "informations_generales.n_espece", "espece_code", .info,
            "« \(name.shortened) » n'a pas le code \(code), qui est celui de l'espèce « \(other.frenchName) »")
    }
}
