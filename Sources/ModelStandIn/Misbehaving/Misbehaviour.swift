/// The ways in which public reports say that models lose their minds, each kept up for every sheet.
public enum Misbehaviour: String, Sendable, CaseIterable {
    /// One figure for ever within a number.
    case numberLoop
    /// Line breaks and blanks for ever.
    case whitespaceLoop
    /// The same row of the table for ever.
    case rowLoop
    /// Rows for ever that differ in their figures alone.
    case countingLoop
    /// One word for ever.
    case wordLoop
    /// All the room goes into thoughts that are not shown.
    case hiddenThoughts
    /// All the room goes into thoughts that are shown.
    case shownThoughts
    /// All the room goes into thoughts that go round in a circle.
    case thoughtLoop
    /// All the room goes into thoughts inside the text.
    case taggedThoughts
    /// Prose without end that is not the same.
    case ramble
    /// It stops without a word.
    case silence
    /// It stops without a word after long thoughts.
    case thoughtfulSilence
    /// A text of white space.
    case whitespace
    /// It declines for the likeness to something published.
    case recitation
    /// It declines for safety.
    case safety
    /// An apology.
    case apology
    /// A sheet that breaks off although the model says that it is whole.
    case cutButStop
    /// A sheet that breaks off where the room ends.
    case cutOff
    /// An object without a member.
    case emptyObject
    /// Another object than was asked for.
    case otherShape
    /// A table where a sheet should be.
    case emptyList
    /// Every field empty.
    case blankSheet
    /// The form's own words in every field.
    case schemaEcho
    /// A sheet written as a text within JSON, broken.
    case brokenJSON

    /// The answer to a request.
    public func answer(to call: ModelCall) -> BilledAnswer {
        let sheet = SampleFiche.json(for: call)
        let start = String(sheet.prefix(300))
        switch self {
        case .numberLoop: return loop(start + "\"h_c_vert\": 2." + String(repeating: "3", count: 20_000), call)
        case .whitespaceLoop:
            return loop("{\n  \"informations_generales\": {" + String(repeating: "\n   \n", count: 4000), call)
        case .rowLoop: return loop(start + String(repeating: Self.row(1), count: 200), call)
        case .countingLoop: return loop(start + (1...300).map(Self.row).joined(), call)
        case .wordLoop: return loop(start + String(repeating: "œuf ", count: 4000), call)
        case .hiddenThoughts: return thinking(shown: "", call)
        case .shownThoughts: return thinking(shown: Self.prose(3000), call)
        case .thoughtLoop: return thinking(shown: String(repeating: "Let me look again. ", count: 1000), call)
        case .taggedThoughts: return loop("<think>" + Self.prose(12_000), call)
        case .ramble: return loop(Self.prose(12_000), call)
        case .silence: return BilledAnswer(nil, output: 0)
        case .thoughtfulSilence: return quiet(thinking: 1500)
        case .whitespace: return BilledAnswer(" \n \n", output: 3)
        case .recitation: return declined("RECITATION")
        case .safety: return declined("SAFETY")
        case .apology: return BilledAnswer("Je ne peux pas lire cette fiche, elle est trop floue.", output: 20)
        case .cutButStop: return BilledAnswer(String(sheet.prefix(sheet.count * 2 / 3)), output: 1000)
        case .cutOff: return loop(String(sheet.prefix(500)), call)
        case .emptyObject: return BilledAnswer("{}", output: 2)
        case .otherShape: return BilledAnswer("{\"birds\": [{\"name\": \"merle\", \"count\": 3}]}", output: 30)
        case .emptyList: return BilledAnswer("[]", output: 2)
        case .blankSheet: return BilledAnswer(Self.filled("null"))
        case .schemaEcho: return BilledAnswer(Self.filled("\"string\""))
        case .brokenJSON: return BilledAnswer("\"{\\\"informations" + "_generales", output: 40)
        }
    }

    private func loop(_ text: String, _ call: ModelCall) -> BilledAnswer {
        var answer = BilledAnswer(text, output: call.answerLimit)
        answer.reason = "MAX_TOKENS"
        return answer
    }

    private func thinking(shown: String, _ call: ModelCall) -> BilledAnswer {
        var answer = BilledAnswer(nil, output: 0)
        answer.thoughts = shown
        answer.thinking = call.answerLimit
        answer.reason = "MAX_TOKENS"
        return answer
    }

    private func quiet(thinking: Int) -> BilledAnswer {
        var answer = BilledAnswer(nil, output: 0)
        answer.thinking = thinking
        return answer
    }

    private func declined(_ reason: String) -> BilledAnswer {
        var answer = BilledAnswer(nil, output: 700)
        answer.reason = reason
        return answer
    }

    private static func row(_ number: Int) -> String {
        "{\"Jour\": \(number), \"Mois\": 5, \"Heure\": null, \"Nombre_oeuf\": 4, \"observations\": \"idem\"}, "
    }

    /// Words that do not come again in the same order.
    private static func prose(_ count: Int) -> String {
        let words = [
            "nid", "merle", "oeuf", "haie", "sheet", "maybe", "date", "read", "again", "line", "bois", "jeune",
        ]
        var state: UInt32 = 7
        return (0..<count / 5).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return words[Int(state >> 24) % words.count]
        }.joined(separator: " ")
    }

    private static func filled(_ value: String) -> String {
        """
        {"informations_generales": {"n_fiche": \(value), "observateur": \(value), "n_espece": null, "espece": \(value), \
        "annee": \(value)}, "nid": {"nid_prec_t_meme_c_ple": null, "haut_nid": \(value), "h_c_vert": \(value), \
        "nid": \(value)}, "localisation": {"IGN_50000": \(value), "commune": \(value), "dep_t": \(value), \
        "coordonnees_et_ou_lieu_dit": \(value), "altitude": \(value), "paysage": \(value), "alentours": \(value)}, \
        "tableau_donnees": [], "causes_echec": {"causes_d_echec": \(value)}, "remarque": \(value)}
        """
    }
}

extension ModelCall {
    /// The most tokens that the answer may have, where the request says so.
    public var answerLimit: Int {
        let fields = ["\"maxOutputTokens\":", "\"max_tokens\":", "\"max_completion_tokens\":"]
        for field in fields {
            guard let place = generationConfig.firstRange(of: field) else { continue }
            let digits = generationConfig[place.upperBound...].drop { $0 == " " }.prefix { $0.isNumber }
            if let limit = Int(digits) { return limit }
        }
        return 65_536
    }
}
