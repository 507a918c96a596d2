/// Finds the sheet's JSON document in what a model wrote.
struct AnswerReader {
    /// The document, and what had to be forgiven.
    struct Reading {
        var document: JSONValue
        var corrections: [String]
        var checks: [Check] = []
    }

    /// More documents than that are no sheet in pieces; the last ones are taken.
    private static let documentLimit = 50

    /// The JSON documents in the text, as one: of what they say twice, the one with most keys of a sheet counts, the
    /// last of equals.
    static func read(_ text: String) throws(TranscriptionError) -> Reading {
        try read(text, unwrapping: true)
    }

    private static func read(_ text: String, unwrapping: Bool) throws(TranscriptionError) -> Reading {
        var bytes = Array(text.utf8)
        var corrections: [String] = []
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
            corrections.append("marque d'ordre des octets retirée")
        }
        guard bytes.contains(where: { !isSpace($0) && $0 != 0 }) else { throw .empty }
        if let end = endOfThoughts(bytes) {
            bytes.removeFirst(end)
            corrections.append("réflexions avant la réponse retirées")
        }
        if let start = startBehindRepeatedBrace(bytes) {
            bytes.removeFirst(start)
            corrections.append("début répété retiré : {\"{")
        }
        if unwrapping, let inner = quotedDocument(bytes) {
            var reading = try read(inner, unwrapping: false)
            reading.corrections.insert("JSON écrit dans un texte : guillemets retirés", at: 0)
            return reading
        }

        var found: [(reader: LenientJSON, document: JSONValue, start: Int)] = []
        var documents = 0
        var start = opening(in: bytes, from: 0)
        let ends = LenientJSON.CommentEnds(bytes)
        while let position = start {
            var reader = LenientJSON(bytes, at: position, ends: ends)
            do {
                let document = try reader.readDocument()
                if KeyAliases.score(document) > 0 {
                    documents += 1
                    found.append((reader, document, position))
                    // Drafts come before the answer.
                    if found.count > 2 * documentLimit { found.removeFirst(documentLimit) }
                }
                start = opening(in: bytes, from: reader.position)
            } catch {
                // Broken inside: what stands in it is a part of a sheet at most, and must not pass for one.
                guard !error.afterContent else { throw notJSON(text) }
                start = opening(in: bytes, from: max(error.position, position + 1))
            }
        }
        found.removeFirst(max(0, found.count - documentLimit))
        guard let first = found.first, let last = found.last else { throw notJSON(text) }
        if let surroundings = surroundings(bytes[..<first.start], bytes[last.reader.position...]) {
            corrections.append(surroundings)
        }
        corrections += found.flatMap(\.reader.corrections)
        var reading = Reading(document: first.document, corrections: corrections)
        reading.checks = found.flatMap(\.reader.repeated).map { name, value in
            Check(
                field: name, rule: "cle_repetee", severity: .avertissement,
                message: "clé écrite deux fois, « \(value.shown) » n'est pas gardé")
        }
        if found.count > 1 {
            let fragments = Fragments(documents: found.map(\.document))
            reading.document = .object(fragments.object)
            reading.corrections.append("\(found.count) documents JSON réunis en un")
            reading.checks += fragments.checks
        }
        if documents > found.count {
            reading.checks.append(
                Check(
                    field: "", rule: "documents_nombreux", severity: .avertissement,
                    message: "\(documents) documents JSON lus, seuls les \(found.count) derniers sont gardés"))
        }
        return reading
    }

    /// Where the answer begins: behind the model's thoughts, whose drafts are no answer.
    private static func endOfThoughts(_ bytes: [UInt8]) -> Int? {
        bytes.lastStart(of: "</think>").map { $0 + "</think>".utf8.count }
    }

    /// The second brace of `{"{"…`: a grammar that is put over a model which thinks first may begin twice
    /// (ollama/ollama#10929). Read as it stands all up to the next quotation mark is a name, and what follows is lost.
    private static func startBehindRepeatedBrace(_ bytes: [UInt8]) -> Int? {
        guard let first = opening(in: bytes, from: 0), bytes[first] == UInt8(ascii: "{") else { return nil }
        func next(after position: Int) -> Int? { bytes[(position + 1)...].firstIndex { !isSpace($0) } }
        guard let quote = next(after: first), bytes[quote] == UInt8(ascii: "\""),
            let second = next(after: quote), bytes[second] == UInt8(ascii: "{"),
            let name = next(after: second), bytes[name] == UInt8(ascii: "\"")
        else { return nil }
        return second
    }

    static func notJSON(_ text: String) -> TranscriptionError {
        let excerpt = text.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return .notJSON(excerpt: String(excerpt.prefix(200)).storable)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func opening(in bytes: [UInt8], from position: Int) -> Int? {
        guard position < bytes.count else { return nil }
        return bytes[position...].firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
    }

    private static func quotedDocument(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), bytes[first] == UInt8(ascii: "\"") else {
            return nil
        }
        var reader = LenientJSON(bytes, at: first)
        guard let text = try? reader.readDocument().string, text.utf8.contains(UInt8(ascii: "{")) else { return nil }
        reader.skipSpace()
        return reader.position == bytes.count ? text : nil
    }

    private static func surroundings(_ before: ArraySlice<UInt8>, _ after: ArraySlice<UInt8>) -> String? {
        let text = [before, after].map { String(decoding: $0, as: UTF8.self).trimmed }
        guard !text.allSatisfy(\.isEmpty) else { return nil }
        let fences = text[0].hasPrefix("```") && !text[0].contains("\n") && text[0].count < 12
        return fences && (text[1] == "```" || text[1].isEmpty)
            ? "bloc Markdown retiré autour du JSON" : "texte autour du JSON retiré"
    }
}
