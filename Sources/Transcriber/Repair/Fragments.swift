/// Puts a sheet together that a model gave in pieces: recto and verso, two blocks, a sheet under a name of its own.
struct Fragments {
    /// A value that another one kept out.
    struct Conflict {
        var path: String
        var value: JSONValue
    }

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
        for (other, part) in parts.enumerated() where other != index {
            conflicts += part.conflicts
            pieces += part.pieces
            merge(part.object, fillsBlanks: fillsBlanks)
        }
    }

    private var score: Int { KeyAliases.score(object) }

    private static func gathered(_ document: JSONValue, depth: Int) -> Fragments {
        guard depth < 6 else { return Fragments(object: JSONObject()) }
        switch document {
        case .array(let elements):
            let parts = elements.filter { $0.object != nil || $0.array != nil }.prefix(100).map {
                gathered($0, depth: depth + 1)
            }
            let scored = parts.filter { $0.score > 0 }
            guard !scored.isEmpty else { return parts.first ?? Fragments(object: JSONObject()) }
            var result = Fragments(scored, fillsBlanks: false)
            let lost = elements.filter { element in
                !element.isBlank && (element.object == nil && element.array == nil || KeyAliases.score(element) == 0)
            }
            if !lost.isEmpty { result.conflicts.append(Conflict(path: "", value: .array(lost))) }
            return result
        case .object(let object):
            var own = JSONObject()
            var inner: [Fragments] = []
            for (name, value) in object.members {
                if let piece = piece(name, value, depth: depth) { inner.append(piece) } else { own[name] = value }
            }
            guard !inner.isEmpty else { return Fragments(object: object) }
            let outer = Fragments(object: own)
            if outer.score > 0 { return Fragments([outer] + inner, fillsBlanks: true) }
            var result = Fragments(inner, fillsBlanks: true)
            // What stands beside the sheet is named where unknown keys are.
            for (name, value) in own.members where result.object[name] == nil { result.object[name] = value }
            return result
        default:
            return Fragments(object: JSONObject())
        }
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

    private mutating func merge(_ other: JSONObject, fillsBlanks: Bool) {
        var filled = object
        let found = Self.merge(other, into: &filled, at: "", depth: 0)
        conflicts += found
        if found.isEmpty || fillsBlanks {
            object = filled
        } else {
            // Another reading of the same sheet: what this one leaves blank stays blank.
            for (name, value) in other.members where Self.name(like: name, in: object) == nil { object[name] = value }
        }
    }

    private static func merge(_ other: JSONObject, into object: inout JSONObject, at path: String, depth: Int)
        -> [Conflict]
    {
        var conflicts: [Conflict] = []
        for (name, value) in other.members where !value.isBlank {
            guard let own = Self.name(like: name, in: object), let present = object[own], !present.isBlank else {
                object[Self.name(like: name, in: object) ?? name] = value
                continue
            }
            guard present != value else { continue }
            let place = path.isEmpty ? own : "\(path).\(own)"
            if var inner = present.object, let more = value.object, depth < 3 {
                conflicts += merge(more, into: &inner, at: place, depth: depth + 1)
                object[own] = .object(inner)
            } else {
                conflicts.append(Conflict(path: place, value: value))
            }
        }
        return conflicts
    }

    private static func name(like name: String, in object: JSONObject) -> String? {
        if object[name] != nil { return name }
        let plain = canonical(name)
        return object.names.first { canonical($0) == plain }
    }

    private static func canonical(_ name: String) -> String {
        let plain = name.folded
        if plain.isEmpty { return name }
        return KeyAliases.sections.key(normalized: plain) ?? KeyAliases.stray(normalized: plain)?.key ?? plain
    }
}

extension Fragments {
    /// The remarks on how the sheet was put together.
    var controles: [Controle] {
        var result = conflicts.map { conflict in
            Controle(
                champ: conflict.path, regle: "parties_contradictoires", gravite: .avertissement,
                message: "« \(conflict.value.shown) », lu dans une autre partie de la réponse, n'est pas gardé")
        }
        if pieces > 1 {
            let message = "\(pieces) parties de fiche lues"
            result.insert(
                conflicts.isEmpty
                    ? Controle(champ: "", regle: "parties_reunies", gravite: .info, message: "\(message) et réunies")
                    : Controle(
                        champ: "", regle: "plusieurs_fiches", gravite: .avertissement,
                        message: "\(message), qui se contredisent"), at: 0)
        }
        return result
    }
}
