/// Scores of many sheets: for each model, kind of field and field.
public struct Evaluation: Sendable {
    /// One reading of one sheet, scored.
    public struct Sheet: Sendable {
        public var model: String
        /// The sheet's name, for people.
        public var name: String
        public var score: FicheScore
        /// How much the reading deserves a second look, from 0 to 100; `nil` where it is no sheet.
        public var priority: Int?

        public init(model: String, name: String, score: FicheScore, priority: Int? = nil) {
            self.model = model
            self.name = name
            self.score = score
            self.priority = priority
        }
    }

    public private(set) var sheets: [Sheet] = []
    private var totals: [String: ModelTally] = [:]

    public init() {}

    /// Everything of one model.
    struct ModelTally: Sendable {
        var sheets = 0
        var all = ScoreTally()
        var groups: [FieldGroup: ScoreTally] = [:]
        var fields: [String: ScoreTally] = [:]
    }

    public mutating func add(_ sheet: Sheet) {
        sheets.append(sheet)
        var tally = totals[sheet.model] ?? ModelTally()
        tally.sheets += 1
        for field in sheet.score.fields {
            tally.all.add(field)
            tally.groups[FieldGroup(path: field.path), default: ScoreTally()].add(field)
            tally.fields[Self.generalPath(field.path), default: ScoreTally()].add(field)
        }
        totals[sheet.model] = tally
    }

    /// The models in the order of their labels.
    public var models: [String] { totals.keys.sorted() }

    /// The number of a model's sheets that were scored.
    public func sheetCount(of model: String) -> Int { totals[model]?.sheets ?? 0 }

    /// All fields of a model together.
    public func tally(of model: String) -> ScoreTally { totals[model]?.all ?? ScoreTally() }

    /// A model's fields of one group.
    public func tally(of model: String, in group: FieldGroup) -> ScoreTally {
        totals[model]?.groups[group] ?? ScoreTally()
    }

    /// A model's readings of one field; rows of a table count as one field: `tableau_donnees[].Jour`.
    public func tally(of model: String, field: String) -> ScoreTally {
        totals[model]?.fields[field] ?? ScoreTally()
    }

    /// The fields that occur, in the form's order, others after them.
    public var fields: [String] {
        let known = Set(totals.values.flatMap(\.fields.keys))
        let ordered = Self.form.filter { known.contains($0) }
        return ordered + known.subtracting(ordered).sorted()
    }

    private static let form: [String] = {
        var fiche = Fiche()
        fiche.tableauDonnees = [Fiche.Visite()]
        var paths: [String] = []
        collect(JSONValue(fiche), path: "", into: &paths)
        return paths
    }()

    private static func collect(_ value: JSONValue, path: String, into paths: inout [String]) {
        if let object = value.object {
            for (name, member) in object.members {
                collect(member, path: path.isEmpty ? name : "\(path).\(name)", into: &paths)
            }
        } else if let elements = value.array {
            for element in elements { collect(element, path: path + "[]", into: &paths) }
        } else {
            paths.append(path)
        }
    }

    /// `tableau_donnees[+2].Jour` is a `tableau_donnees[].Jour`.
    static func generalPath(_ path: String) -> String {
        var result = ""
        var isInside = false
        for character in path {
            if character == "]" { isInside = false }
            if !isInside { result.append(character) }
            if character == "[" { isInside = true }
        }
        return result
    }
}
