import Foundation

/// What does not fit together in a sheet. Nothing is changed: a person decides.
public enum FicheChecks {
    /// The remarks on a sheet.
    ///
    /// - Parameter currentYear: The year after which no sheet can be; this year unless given.
    public static func controles(
        for fiche: Fiche, promptKind: PromptKind, currentYear: Int? = nil
    ) -> [Controle] {
        counts(fiche.tableauDonnees2)
            + CalendarChecks.controles(
                for: fiche, currentYear: currentYear ?? Calendar(identifier: .gregorian).component(.year, from: Date()))
            + department(fiche)
    }

    private static func counts(_ resume: Fiche.Resume) -> [Controle] {
        let oeufs = resume.nombreOeufs
        let poussins = resume.nombrePoussins
        var controles: [Controle] = []
        func atMost(_ less: Int?, _ more: Int?, _ champ: String, _ regle: String, _ message: (Int, Int) -> String) {
            guard let less, let more, less > more else { return }
            controles.append(
                Controle(
                    champ: "tableau_donnees_2.\(champ)", regle: regle, gravite: .erreur, message: message(less, more)))
        }
        atMost(oeufs.eclos, oeufs.pondus, "nombre_oeufs.eclos", "eclos_pondus") {
            "\($0) œufs éclos pour \($1) pondus"
        }
        atMost(oeufs.nEcl, oeufs.pondus, "nombre_oeufs.n_ecl", "non_eclos_pondus") {
            "\($0) œufs non éclos pour \($1) pondus"
        }
        atMost(poussins.volT, oeufs.eclos, "nombre_poussins.vol_t", "volants_eclos") {
            "\($0) poussins volants pour \($1) œufs éclos"
        }
        atMost(poussins.unDemi, oeufs.eclos, "nombre_poussins.1/2", "demi_eclos") {
            "\($0) poussins à mi-croissance pour \($1) œufs éclos"
        }
        atMost(poussins.troisQuarts, oeufs.eclos, "nombre_poussins.3/4", "trois_quarts_eclos") {
            "\($0) poussins aux trois quarts pour \($1) œufs éclos"
        }
        if let pondus = oeufs.pondus, let eclos = oeufs.eclos, let nEcl = oeufs.nEcl, eclos <= pondus,
            nEcl != pondus - eclos
        {
            controles.append(
                Controle(
                    champ: "tableau_donnees_2.nombre_oeufs.n_ecl", regle: "non_eclos", gravite: .avertissement,
                    message: "\(nEcl) œufs non éclos, alors que \(pondus) pondus moins \(eclos) éclos font "
                        + "\(pondus - eclos)"))
        }
        return controles
    }

    /// France's departments; "20" was Corsica's number until 1975.
    private static func department(_ fiche: Fiche) -> [Controle] {
        guard let department = fiche.localisation.depT else { return [] }
        let code = department.uppercased()
        let isKnown: Bool
        if let number = Int(code), code.utf8.count <= 3, !code.hasPrefix("+"), !code.hasPrefix("-") {
            let beforeSplit = fiche.informationsGenerales.annee.flatMap(Int.init).map { $0 < 1976 } ?? true
            isKnown = (1...95).contains(number) && (number != 20 || beforeSplit) || (971...976).contains(number)
        } else {
            isKnown = code == "2A" || code == "2B"
        }
        guard !isKnown else { return [] }
        return [
            Controle(
                champ: "localisation.dep_t", regle: "departement", gravite: .avertissement,
                message: "« \(department.shortened) » n'est pas un numéro de département")
        ]
    }
}
