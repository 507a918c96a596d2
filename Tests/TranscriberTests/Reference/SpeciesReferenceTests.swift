import Foundation
import HarnessSupport
import Testing

@testable import Transcriber

@Suite("The species reference")
struct SpeciesReferenceTests {
    private let reference = SpeciesReference.shipped

    private func match(_ name: String?, _ code: Int? = nil) throws -> SpeciesMatch {
        try #require(reference.match(name: name, code: code))
    }

    @Test("ships with 329 species, whose names and codes are each one's alone")
    func shipped() {
        #expect(reference.species.count == 329)
        #expect(Set(reference.species.map(\.code)).count == 329)
        #expect(reference.byName.count > 1000)
        #expect(reference.byName.allSatisfy { $0.value.count == 1 })
        #expect(reference.species.allSatisfy { $0.code.count == 5 })
    }

    @Test(
        "is certain of the species of every sample sheet, and agrees with its code",
        arguments: [
            ("Bergeronnette grise", 10200), ("Chouette hulotte", 7610), ("Faucon crécerelle", 3040),
            ("Grive musicienne", 12000), ("Hirondelle rustique", 9920), ("Merle noir", 11870),
            ("Moineau domestique", 15910), ("Mésange bleue", 14620), ("Mésange charbonnière", 14640),
            ("Pinson des arbres", 16360), ("Pinson des arbres", nil), ("Rougegorge familier", 10990),
            ("Rougequeue noir", 11210), ("Sittelle torchepot", 14790), ("Troglodyte mignon", 10660),
        ] as [(String, Int?)])
    func samples(_ name: String, _ code: Int?) throws {
        let match = try match(name, code)
        #expect(match.status == .certaine)
        #expect(match.species?.frenchName == name)
        #expect(match.codeSpecies == nil)
        if let code { #expect(match.species.flatMap { Int($0.code) } == code) }
    }

    @Test(
        "does not mind case, accents, hyphens, apostrophes, spaces and œ",
        arguments: [
            ("MESANGE BLEUE", "14620"), ("mesange  bleue.", "14620"), ("Me\u{301}sange bleue", "14620"),
            ("Rouge-gorge familier", "10990"), ("Rougegorge", "10990"), ("Oedicneme criard", "04590"),
            ("Œdicnème criard", "04590"), ("Effraie d’Europe", nil), ("hirondelle de cheminée", "09920"),
            ("Parus caeruleus", "14620"), ("Mésange bleue (Parus caeruleus)", "14620"),
            ("Turdus merula / Merle noir", "11870"),
        ])
    func folding(_ name: String, _ code: String?) throws {
        let match = try match(name)
        guard let code else { return }
        #expect(match.status == .certaine)
        #expect(match.species?.code == code)
    }

    @Test(
        "proposes the species of nearly every misreading, and takes none for certain", arguments: [1, 2, 3] as [UInt64])
    func misreadings(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var proposed = 0
        for number in 0..<200 {
            let species = try #require(reference.species.randomElement(using: &random))
            let name = misread(species.frenchName, letters: 1 + number % 2, &random)
            let match = try match(name)
            #expect(match.status != .certaine || match.species == nil, "\(name) for \(species.frenchName)")
            if match.status == .proposee, match.species == species { proposed += 1 }
        }
        #expect(proposed >= 160, "\(proposed) of 200 proposed rightly")
    }

    /// Letters read as others, left out or added, none of which gives a name back.
    private func misread(_ name: String, letters: Int, _ random: inout SeededGenerator) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
        while true {
            var text = Array(name)
            for _ in 0..<letters {
                let place = text.indices.filter { text[$0].isLetter }.randomElement(using: &random) ?? 0
                let letter = alphabet.randomElement(using: &random) ?? "x"
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.remove(at: place)
                case 1: text.insert(letter, at: place)
                default: text[place] = letter
                }
            }
            let misread = String(text)
            if misread.folded != name.folded { return misread }
        }
    }

    @Test("a near name is certain where the code is that species', and only proposed where it is another's")
    func codes() throws {
        var match = try match("Mésange bleuo", 14620)
        #expect(match.status == .certaine)
        #expect(match.score.map { $0 < 1 } == true)
        match = try self.match("Mésange bleuo", 14640)
        #expect(match.status == .proposee)
        #expect(match.species?.code == "14620")
        #expect(match.codeSpecies?.code == "14640")
        // The name counts: a code of another species is a doubt and no more.
        match = try self.match("Mésange bleue", 14640)
        #expect(match.status == .certaine)
        #expect(match.species?.code == "14620")
        #expect(match.codeSpecies?.frenchName == "Mésange charbonnière")
        // The old codes of four digits, and codes that are nobody's.
        for code in [1462, 99_999, 7, .max, .min, 0] {
            match = try self.match("Mésange bleue", code)
            #expect(match.status == .certaine)
            #expect(match.codeSpecies == nil, "\(code)")
        }
        match = try self.match(nil, 14620)
        #expect(match.status == .proposee)
        #expect(match.species?.code == "14620")
        #expect(reference.match(name: " ", code: nil) == nil)
    }

    @Test(
        "takes no genus and no name of several species for one of them",
        arguments: ["Mésange", "Parus", "Tadorne", "Corneille", "Cochevis", "Upupa", "mesange"])
    func several(_ name: String) throws {
        #expect(try match(name).status == .plusieurs)
        #expect(reference.isOfSeveral(name))
        #expect(!reference.isOfSeveral("Mésange bleue"))
        #expect(!reference.isOfSeveral("Mésange bleuo"))
    }

    @Test(
        "proposes what is written short", arguments: [("Més. charb.", "14640"), ("M. charbonnière", "14640")])
    func shortened(_ name: String, _ code: String) throws {
        let match = try match(name)
        #expect(match.status == .proposee)
        #expect(match.species?.code == code)
    }

    @Test("answers soon to any text")
    func foreignText() throws {
        let texts = [
            String(repeating: "Mésange bleu", count: 100_000), String(repeating: "e\u{301}", count: 190), "🐦", "?",
            String(repeating: "a ", count: 199), String(repeating: "(", count: 400),
            String((0..<100).map { "abcdefghijklmnopqrstuvwxyz".randomElement() ?? Character("\($0 % 10)") }),
        ]
        let time = ContinuousClock().measure {
            for text in texts {
                let match = reference.match(name: text, code: nil)
                #expect(match?.status == .inconnue, "\(text.prefix(50))")
            }
        }
        #expect(time < .seconds(2))
    }

    @Test("a sheet whose code is another species' has a low doubt")
    func check() {
        var fiche = Fiche()
        fiche.informationsGenerales.espece = "Mésange bleue"
        fiche.informationsGenerales.nEspece = 11870
        func rules() -> [Check] {
            FicheChecks.checks(for: fiche, promptKind: .standard).filter { $0.rule == "espece_code" }
        }
        #expect(rules().map(\.severity) == [.info])
        #expect(rules().first?.message.contains("Merle noir") == true)
        fiche.informationsGenerales.nEspece = 14620
        #expect(rules().isEmpty)
    }
}
