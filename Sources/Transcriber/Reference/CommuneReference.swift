/// The communes that sheets may be from, found by their names, former ones included.
public struct CommuneReference: Sendable {
    public let communes: [Commune]
    /// Tells two lists apart.
    public let digest: String
    private let byName: [String: [Int]]

    /// - Parameters:
    ///   - digest: tells it apart from others, in at most 20 letters.
    ///   - otherNames: further names of the commune at that place.
    public init(_ communes: [Commune], digest: String, otherNames: [Int: [String]] = [:]) {
        var byName: [String: [Int]] = [:]
        for (index, commune) in communes.enumerated() {
            for name in [commune.name] + (otherNames[index] ?? []) {
                let form = Self.form(name)
                guard !form.isEmpty, byName[form]?.contains(index) != true else { continue }
                byName[form, default: []].append(index)
            }
        }
        self.communes = communes
        self.digest = digest
        self.byName = byName
    }

    /// The commune of a sheet's words; `nil` where the sheet names none.
    ///
    /// Case, accents, hyphens and apostrophes do not count, "St" is Saint and "s/Mer" sur Mer; a postcode or department
    /// beside the name says which of several is meant where the sheet's own field is blank.
    public func match(name: String?, department: String?) -> CommuneMatch? {
        guard let name = name?.trimmed, !name.isEmpty else { return nil }
        guard name.utf8.count <= Self.longestText else { return CommuneMatch(status: .inconnue, departments: []) }
        let found = (byName[Self.form(name)] ?? []).map { communes[$0] }
        guard !found.isEmpty else { return CommuneMatch(status: .inconnue, departments: []) }
        let departments = Set(found.map(\.department)).sorted()
        let own =
            department.map(Departements.all)?.first ?? Departements.named(inCommune: name)
            ?? Departements.ofPostcode(inCommune: name)
        let here = own.map { own in found.filter { Departements.mayBeOne($0.department, own) } } ?? found
        guard !here.isEmpty else { return CommuneMatch(status: .autreDepartement, departments: departments) }
        // A commune of today before a former one that had its name.
        let today = here.filter { !$0.isFormer }
        let candidates = today.isEmpty ? here : today
        guard Set(candidates.map(\.code)).count == 1, let commune = candidates.first else {
            return CommuneMatch(status: .plusieurs, departments: departments)
        }
        return CommuneMatch(status: .certaine, commune: commune, departments: departments)
    }

    /// A name as it is compared.
    static func form(_ text: String) -> String {
        var text = text.lowercased()
        if text.hasSuffix(")"), let opening = text.lastIndex(of: "("), opening > text.startIndex {
            let inner = text[text.index(after: opening)...].dropLast()
            // "Abergement (L')" has its article behind; a department beside the name is no part of it.
            text = (articles.contains(String(inner).folded) ? "\(inner) " : "") + text[..<opening]
        }
        if text.contains("/") {
            text = text.replacing(/\bs\/s\b|\bss\//, with: " sous ").replacing(/\bs\/|\//, with: " sur ")
        }
        let words = text.split { !$0.isLetter && !$0.isNumber }
        return words.map { String($0).folded }.filter { !isPostcode($0) && $0 != "cedex" }.map {
            abbreviations[$0] ?? $0
        }
        .joined()
    }

    private static func isPostcode(_ word: String) -> Bool { word.utf8.count == 5 && word.allSatisfy(\.isASCIIDigit) }

    private static let articles: Set = ["l", "le", "la", "les"]
    private static let abbreviations = [
        "st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "nd": "notredame", "mt": "mont",
        "chap": "chapelle", "vx": "vieux", "gd": "grand", "gde": "grande", "pt": "petit", "pte": "petite",
        "ptes": "petites", "ss": "sous",
    ]

    /// A commune's field is not longer.
    private static let longestText = 200
}
