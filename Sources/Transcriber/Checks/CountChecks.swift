/// Checks that the summary's numbers of eggs and young go together.
enum CountChecks {
    /// More than in any clutch of one female in France.
    static let largestClutch = 25

    static func check(_ resume: Fiche.Resume, _ remarks: inout Remarks) {
        let oeufs = resume.nombreOeufs
        let poussins = resume.nombrePoussins
        func atMost(_ less: Int?, _ more: Int?, _ field: String, _ rule: String, _ message: (Int, Int) -> String) {
            guard let less, let more, less > more else { return }
            remarks.add("tableau_donnees_2.\(field)", rule, .erreur, message(less, more))
        }
        atMost(oeufs.eclos, oeufs.pondus, "nombre_oeufs.eclos", "eclos_pondus") {
            "\($0) œufs éclos pour \($1) pondus"
        }
        atMost(oeufs.nEcl, oeufs.pondus, "nombre_oeufs.n_ecl", "non_eclos_pondus") {
            "\($0) œufs non éclos pour \($1) pondus"
        }
        let young = [
            (poussins.volT, "vol_t", "volants", "volants"),
            (poussins.unDemi, "1/2", "demi", "à mi-croissance"),
            (poussins.troisQuarts, "3/4", "trois_quarts", "aux trois quarts"),
        ]
        for (number, key, rule, name) in young {
            if oeufs.eclos != nil {
                atMost(number, oeufs.eclos, "nombre_poussins.\(key)", "\(rule)_eclos") {
                    "\($0) poussins \(name) pour \($1) œufs éclos"
                }
            } else {
                atMost(number, oeufs.pondus, "nombre_poussins.\(key)", "\(rule)_pondus") {
                    "\($0) poussins \(name) pour \($1) œufs pondus"
                }
            }
        }
        checkRemainder(oeufs, &remarks)
        checkGrowth(poussins, &remarks)
        let counts = [
            ("nombre_oeufs.pondus", oeufs.pondus), ("nombre_oeufs.eclos", oeufs.eclos),
            ("nombre_oeufs.n_ecl", oeufs.nEcl), ("nombre_poussins.1/2", poussins.unDemi),
            ("nombre_poussins.3/4", poussins.troisQuarts), ("nombre_poussins.vol_t", poussins.volT),
        ]
        for (key, count) in counts { checkSize(count, "tableau_donnees_2.\(key)", &remarks) }
    }

    static func checkSize(_ count: Int?, _ field: String, _ remarks: inout Remarks) {
        guard let count, count > largestClutch else { return }
        remarks.add(field, "nombre_plausible", .avertissement, "\(count) est plus que ce qu'un nid contient")
    }

    private static func checkRemainder(_ oeufs: Fiche.NombreOeufs, _ remarks: inout Remarks) {
        guard let pondus = oeufs.pondus, let eclos = oeufs.eclos, let nEcl = oeufs.nEcl, eclos <= pondus,
            nEcl != pondus - eclos
        else { return }
        remarks.add(
            "tableau_donnees_2.nombre_oeufs.n_ecl", "non_eclos", .avertissement,
            "\(nEcl) œufs non éclos, alors que \(pondus) pondus moins \(eclos) éclos font \(pondus - eclos)")
    }

    /// Young die, and are not added: the three counts follow each other in time.
    private static func checkGrowth(_ poussins: Fiche.NombrePoussins, _ remarks: inout Remarks) {
        let stages = [
            ("1/2", "à mi-croissance", poussins.unDemi), ("3/4", "aux trois quarts", poussins.troisQuarts),
            ("vol_t", "volants", poussins.volT),
        ]
        var last: (name: String, count: Int)?
        for (key, name, count) in stages {
            guard let count else { continue }
            if let last, count > last.count {
                remarks.add(
                    "tableau_donnees_2.nombre_poussins.\(key)", "poussins_ordre", .avertissement,
                    "\(count) poussins \(name) après \(last.count) \(last.name)")
            }
            last = (name, count)
        }
    }
}
