extension SpeciesReference {
    /// The species of a sheet's words and number; `nil` where it bears neither.
    ///
    /// Case, accents, hyphens, apostrophes and spaces do not count, and œ is oe. Takes a bounded time for any text.
    public func match(name: String?, code: Int?) -> SpeciesMatch? {
        let coded = rows(ofCode: code)
        let words = name?.trimmed ?? ""
        guard !words.isEmpty else {
            guard code != nil else { return nil }
            guard let only = coded.only else { return SpeciesMatch(.inconnue) }
            return SpeciesMatch(.proposee, species[only], score: Self.codeAlone)
        }
        var match = match(words, coded)
        let found = match.species
        if let other = coded.only, found == nil || species[other] != found,
            !coded.contains(where: { species[$0] == found })
        {
            match.codeSpecies = species[other]
        }
        return match
    }

    /// The species of a EURING code of five digits.
    public func species(code: String) -> Species? {
        Int(code).flatMap { byCode[$0] }?.lazy.map { species[$0] }.first { $0.code == code }
    }

    /// False where a sheet's number is the code of other species alone.
    public func allows(_ one: Species, code: Int?) -> Bool {
        let coded = rows(ofCode: code)
        return coded.isEmpty || coded.contains { species[$0] == one }
    }

    /// True for words that must never be taken for one species: a genus, or a name that several species share.
    public func isOfSeveral(_ name: String) -> Bool { match(name.trimmed, []).status == .plusieurs }

    /// A name as it is compared, without what does not count: two spellings of one are the same. At most 191 letters;
    /// `nil` for a text without any.
    public static func form(_ name: String) -> String? {
        let folded = String(decoding: name.utf8.prefix(2 * longestText), as: UTF8.self).folded.prefix(191)
        return folded.isEmpty ? nil : String(folded)
    }

    /// The score of a proposal that only the sheet's number speaks for.
    private static let codeAlone = 0.25
    /// The score of a name that is written short, or beside other words.
    private static let partOfName = 0.75

    /// The rows that a sheet's number may mean: as it stands, or without the last digit, as the old codes of four.
    private func rows(ofCode code: Int?) -> [Int] {
        guard let code, (1...99_999).contains(code) else { return [] }
        return byCode[code] ?? ((100...9999).contains(code) ? byCode[code * 10] : nil) ?? []
    }

    private func match(_ words: String, _ coded: [Int]) -> SpeciesMatch {
        guard words.utf8.count <= Self.longestText else { return SpeciesMatch(.inconnue) }
        let folded = words.folded
        if let rows = byName[folded] {
            if let only = rows.only { return SpeciesMatch(.certaine, species[only], score: 1) }
            guard let one = rows.first(where: coded.contains) else { return SpeciesMatch(.plusieurs) }
            return SpeciesMatch(.certaine, species[one], score: 1)
        }
        if let match = matchParts(words) { return match }
        let shortened = rows(shortenedTo: Self.words(of: words))
        if genera.contains(folded) || shortened.count > 1 {
            guard let one = coded.only, shortened.contains(one) else { return SpeciesMatch(.plusieurs) }
            return SpeciesMatch(.proposee, species[one], score: Self.partOfName)
        }
        if let near = nearest(Array(folded.utf8), coded) { return near }
        if let only = shortened.first {
            return SpeciesMatch(
                coded.contains(only) ? .certaine : .proposee, species[only], score: Self.partOfName)
        }
        return SpeciesMatch(.inconnue)
    }

    /// Several names of one species side by side: "Mésange bleue (Parus caeruleus)", "Merle noir / Turdus merula".
    private func matchParts(_ words: String) -> SpeciesMatch? {
        let parts = words.split { "()[]/,;:=+".contains($0) }.map { String($0).folded }.filter { !$0.isEmpty }
        guard parts.count > 1 else { return nil }
        let rows = parts.map { byName[$0]?.only }
        guard let one = Set(rows.compactMap(\.self)).only else { return nil }
        let isWhole = rows.allSatisfy { $0 == one }
        return SpeciesMatch(isWhole ? .certaine : .proposee, species[one], score: isWhole ? 1 : Self.partOfName)
    }

    /// The species that have a name of which these words are a part, each of them whole or cut short: "Més. charb.".
    private func rows(shortenedTo words: [[UInt8]]) -> Set<Int> {
        guard !words.isEmpty, words.contains(where: { $0.count > 2 }) else { return [] }
        var rows: Set<Int> = []
        for name in names where !rows.contains(name.species) && words.count <= name.words.count {
            var rest = name.words[...]
            let isPart = words.allSatisfy { word in
                guard let place = rest.firstIndex(where: { $0.starts(with: word) }) else { return false }
                rest = rest[(place + 1)...]
                return true
            }
            if isPart { rows.insert(name.species) }
        }
        return rows
    }

    /// The species whose name is the fewest letters away, where it is one; its code makes it certain, and decides
    /// between two that are equally near.
    private func nearest(_ letters: [UInt8], _ coded: [Int]) -> SpeciesMatch? {
        var least = Int.max
        var rows: Set<Int> = []
        for name in names {
            let limit = Swift.min(Self.allowed(Swift.min(letters.count, name.letters.count)), least)
            guard limit > 0, let distance = letters.editDistance(to: name.letters, atMost: limit) else { continue }
            if distance < least { rows = [] }
            least = distance
            rows.insert(name.species)
        }
        guard let one = rows.count == 1 ? rows.first : rows.first(where: coded.contains) else { return nil }
        let score = 1 - Double(least) / Double(Swift.max(letters.count, 1))
        return SpeciesMatch(
            coded.contains(one) ? .certaine : .proposee, species[one], score: (score * 1000).rounded() / 1000)
    }

    /// The letters that may be wrong in a name of that length.
    private static func allowed(_ length: Int) -> Int {
        switch length {
        case ..<4: 0
        case ..<6: 1
        case ..<12: 2
        default: 3
        }
    }

    /// A species' field with several names in it is not longer.
    private static let longestText = 400
}

extension Collection {
    /// The element of a collection that has only one.
    fileprivate var only: Element? { count == 1 ? first : nil }
}
