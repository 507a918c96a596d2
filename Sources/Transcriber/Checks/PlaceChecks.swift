/// Checks that the department exists, and is the commune's where the commune's field names one.
///
/// Which communes lie where is not known here: there are 35,000 of them, and they change every year.
enum PlaceChecks {
    private static let field = "localisation.dep_t"

    static func check(_ fiche: Fiche, _ remarks: inout Remarks) {
        let year = fiche.informationsGenerales.annee.flatMap(Int.init)
        let own = fiche.localisation.depT.flatMap { checkDepartment($0, year: year, &remarks) }
        guard let own, let commune = fiche.localisation.commune else { return }
        if let named = Departements.named(inCommune: commune), !Departements.mayBeOne(named, own) {
            remarks.add(
                "localisation.commune", "commune_departement", .avertissement,
                "« \(commune.shortened) » nomme le département \(named), la fiche le \(own)")
        } else if let posted = Departements.ofPostcode(inCommune: commune), !Departements.mayBeOne(posted, own) {
            // Some communes get their mail from the next department.
            remarks.add(
                "localisation.commune", "commune_departement", .info,
                "le code postal de « \(commune.shortened) » est du département \(posted), la fiche du \(own)")
        }
    }

    /// The department's number, when it is one.
    private static func checkDepartment(_ text: String, year: Int?, _ remarks: inout Remarks) -> String? {
        let found = Departements.all(in: text)
        guard let first = found.first else {
            let overseas = Departements.isOverseasCollectivity(text)
            remarks.add(
                field, "departement", overseas ? .info : .avertissement,
                overseas
                    ? "« \(text.shortened) » est une collectivité d'outre-mer, pas un département"
                    : "« \(text.shortened) » n'est ni un numéro ni un nom de département")
            return nil
        }
        if let other = found.dropFirst().first(where: { !Departements.mayBeOne($0, first) }) {
            remarks.add(
                field, "departement", .avertissement,
                "« \(text.shortened) » nomme deux départements, \(first) et \(other)")
            return nil
        }
        if let year, let remark = Departements.remark(on: first, in: year) {
            remarks.add(field, "departement", .info, remark)
        }
        return first
    }
}
