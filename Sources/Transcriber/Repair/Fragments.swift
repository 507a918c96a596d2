/// Puts a sheet together that a model gave in pieces: recto and verso, two blocks, a sheet under a name of its own.
struct Fragments {
    /// A value that another one kept out.
    struct Conflict {
        var path: String
        var value: JSONValue
    }

    /// Pieces deeper than that, or more of them in one list, are none.
    private static let depthLimit = 6
    private static let listLimit = 100

    private(set) var object = JSONObject()
    private(set) var conflicts: [Conflict] = []
    /// The number of pieces that the sheet was put together from.
    private(set) var pieces = 0

    /// The pieces in a document, the fullest first, those of its lists and names included.
    init(_ document: JSONValue) { self = Self.gathered(document, depth: 0) }

    /// Of several documents, the fullest, the last of equals (drafts come before the answer), and what only the
    /// others have.
    init(documents: [JSONValue]) {
        let parts = documents.map { Self($0) }.filter { $0.score > 0 }
        self.init(parts, fillsBlanks: false, prefersLast: true)
    }

    private init(object: JSONObject) {
        self.object = object
        pieces = 1
    }

    private init(_ parts: [Fragments], fillsBlanks: Bool, prefersLast: Bool = false) {
        guard let most = parts.map(\.score).max() else { return }
        let index =
            prefersLast ? parts.lastIndex { $0.score == most } : parts.firstIndex { $0.score == most }
        guard let index else { return }
        self = parts[index]
        var names = NameIndex(object)
        for (other, part) in parts.enumerated() where other != index {
            conflicts += part.conflicts
            pieces += part.pieces
            merge(part.object, fillsBlanks: fillsBlanks, &names)
        }
    }

    private var score: Int { KeyAliases.score(object) }

    private static func gathered(_ document: JSONValue, depth: Int) -> Fragments {
        guard depth < depthLimit else { return Fragments(object: JSONObject()) }
        switch document {
        case .array(let elements): return gathered(elements, depth: depth)
        case .object(let object): return gathered(object, depth: depth)
        default: return Fragments(object: JSONObject())
        }
    }

    /// Each element is gathered once, and what it is worth told from that: counting anew at every level would take
    /// time in powers of the depth.
    private static func gathered(_ elements: [JSONValue], depth: Int) -> Fragments {
        var first: Fragments?
        var scored: [Fragments] = []
        var lost: [JSONValue] = []
        var containers = 0
        for element in elements {
            guard element.object != nil || element.array != nil, containers < listLimit else {
                if !element.isBlank { lost.append(element) }
                continue
            }
            containers += 1
            let part = gathered(element, depth: depth + 1)
            if first == nil { first = part }
            if part.score > 0 { scored.append(part) } else if !element.isBlank { lost.append(element) }
        }
        guard !scored.isEmpty else { return first ?? Fragments(object: JSONObject()) }
        var result = Fragments(scored, fillsBlanks: false)
        if !lost.isEmpty { result.conflicts.append(Conflict(path: "", value: .array(lost))) }
        return result
    }

    private static func gathered(_ object: JSONObject, depth: Int) -> Fragments {
        var own = JSONObject()
        var inner: [Fragments] = []
        for (name, value) in object.members {
            if inner.count < listLimit, let piece = piece(name, value, depth: depth) {
                inner.append(piece)
            } else {
                own[name] = value
            }
        }
        guard !inner.isEmpty else { return Fragments(object: object) }
        let outer = Fragments(object: own)
        if outer.score > 0 { return Fragments([outer] + inner, fillsBlanks: true) }
        var result = Fragments(inner, fillsBlanks: true)
        // What stands beside the sheet is named where unknown keys are.
        for (name, value) in own.members where result.object[name] == nil { result.object[name] = value }
        return result
    }

    /// Names under which models give what they think of a sheet, in the sheet's own form.
    private static let comments = [
        "confi", "certitude", "incertitude", "score", "proba", "fiab", "alternat", "schema", "doute", "nidssync",
    ]

    private static func piece(_ name: String, _ value: JSONValue, depth: Int) -> Fragments? {
        guard value.object != nil || value.array != nil else { return nil }
        let name = name.folded
        guard !comments.contains(where: name.hasPrefix) else { return nil }
        if KeyAliases.sections.key(normalized: name) != nil || KeyAliases.stray(normalized: name) != nil {
            // « nid » may be the sheet's name, but a section's own fields look like strays.
            guard let object = value.object, KeyAliases.sectionCount(object) >= 3 else { return nil }
        }
        let piece = gathered(value, depth: depth + 1)
        return piece.score > 0 ? piece : nil
    }

    private mutating func merge(_ other: JSONObject, fillsBlanks: Bool, _ names: inout NameIndex) {
        var filled = object
        var filledNames = names
        let found = Self.merge(other, into: &filled, &filledNames, at: "", depth: 0)
        conflicts += found
        if found.isEmpty || fillsBlanks {
            (object, names) = (filled, filledNames)
        } else {
            // Another reading of the same sheet: what this one leaves blank stays blank.
            for (name, value) in other.members where names.own(name) == nil {
                object[name] = value
                names.add(name)
            }
        }
    }

    private static func merge(
        _ other: JSONObject, into object: inout JSONObject, _ names: inout NameIndex, at path: String, depth: Int
    ) -> [Conflict] {
        var conflicts: [Conflict] = []
        for (name, value) in other.members where !value.isBlank {
            let known = names.own(name)
            guard let own = known, let present = object[own], !present.isBlank else {
                object[known ?? name] = value
                if known == nil { names.add(name) }
                continue
            }
            guard present != value else { continue }
            let place = path.isEmpty ? own : "\(path).\(own)"
            if var inner = present.object, let more = value.object, depth < 3 {
                var innerNames = NameIndex(inner)
                conflicts += merge(more, into: &inner, &innerNames, at: place, depth: depth + 1)
                object[own] = .object(inner)
            } else {
                conflicts.append(Conflict(path: place, value: value))
            }
        }
        return conflicts
    }
}

/// The names of an object by what they stand for, so that one is found without looking at all of them.
private struct NameIndex {
    private var exact: Set<[UInt8]> = []
    private var byMeaning: [String: String] = [:]

    init(_ object: JSONObject) { object.names.forEach { add($0) } }

    mutating func add(_ name: String) {
        exact.insert(Array(name.utf8))
        let meaning = Self.meaning(name)
        if byMeaning[meaning] == nil { byMeaning[meaning] = name }
    }

    /// The object's name for the same thing, `nil` when it has none.
    func own(_ name: String) -> String? {
        exact.contains(Array(name.utf8)) ? name : byMeaning[Self.meaning(name)]
    }

    private static func meaning(_ name: String) -> String {
        let plain = name.folded
        if plain.isEmpty { return name }
        return KeyAliases.sections.key(normalized: plain) ?? KeyAliases.stray(normalized: plain)?.key ?? plain
    }
}

extension Fragments {
    /// The remarks on how the sheet was put together.
    var checks: [Check] {
        var result = conflicts.map { conflict in
            Check(
                field: conflict.path, rule: "parties_contradictoires", severity: .avertissement,
                message: "« \(conflict.value.shown) », lu dans une autre partie de la réponse, n'est pas gardé")
        }
        if pieces > 1 {
            let message = "\(pieces) parties de fiche lues"
            result.insert(
                conflicts.isEmpty
                    ? Check(field: "", rule: "parties_reunies", severity: .info, message: "\(message) et réunies")
                    : Check(
                        field: "", rule: "plusieurs_fiches", severity: .avertissement,
                        message: "\(message), qui se contredisent"), at: 0)
        }
        return result
    }
}
