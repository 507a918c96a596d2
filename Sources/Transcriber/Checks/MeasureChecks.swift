/// Checks that heights and altitudes are possible.
enum MeasureChecks {
    static func check(_ fiche: Fiche, _ remarks: inout Remarks) {
        let nest = metres(fiche.nid.hautNid)
        let cover = metres(fiche.nid.hCVert)
        checkRange(nest, 0...80, "nid.haut_nid", "hauteur_plausible", &remarks)
        checkRange(cover, 0...60, "nid.h_c_vert", "hauteur_plausible", &remarks)
        // Mont Blanc and the Camargue's polders.
        checkRange(
            metres(fiche.localisation.altitude), -10...4810, "localisation.altitude", "altitude_plausible", &remarks)
        if let nest, let cover, nest > cover, cover > 0 {
            remarks.add(
                "nid.haut_nid", "nid_couvert", .info,
                "le nid, à \(words(nest)) m, dépasse le couvert, \(words(cover)) m")
        }
    }

    private static func checkRange(
        _ value: Double?, _ range: ClosedRange<Double>, _ field: String, _ rule: String, _ remarks: inout Remarks
    ) {
        guard let value, !range.contains(value) else { return }
        remarks.add(
            field, rule, .avertissement,
            "\(words(value)) m n'est pas entre \(words(range.lowerBound)) et \(words(range.upperBound)) m")
    }

    private static func metres(_ text: String?) -> Double? {
        text.flatMap { Metres.number(in: $0) }.flatMap { Double($0) }
    }

    private static func words(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
