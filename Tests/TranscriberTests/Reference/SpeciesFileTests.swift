import Testing

@testable import Transcriber

@Suite("A list of species")
struct SpeciesFileTests {
    private func reference(_ text: String) throws(ReferenceError) -> SpeciesReference {
        try SpeciesReference(csv: Array(text.utf8), file: "/etc/nids-sync/especes.csv")
    }

    @Test("may have further code columns, other separators, quotes and a byte order mark")
    func forms() throws {
        let reference = try reference(
            "\u{FEFF}nom_francais;code_crbpo;code_euring;nom_scientifique;note\r\n"
                + "\"Merle \"\"noir\"\"; d'Europe\";4321;1187;Turdus merula;\"deux\nlignes\"\r\n\r\n")
        #expect(reference.species.map(\.frenchName) == ["Merle \"noir\"; d'Europe"])
        #expect(reference.species.map(\.code) == ["01187"])
        #expect(reference.match(name: "Turdus merulo", code: 4321)?.status == .certaine)
        #expect(reference.match(name: "Turdus merulo", code: 4322)?.status == .proposee)
    }

    @Test(
        "with a fault is refused, and the file and line are named",
        arguments: [
            ("", 1, "empty"), ("code_euring,nom_scientifique\n", 1, "nom_francais"),
            ("code_euring,nom_scientifique,nom_francais\n", 1, "no species"),
            ("code_euring,nom_scientifique,nom_francais\n1,A b,C\n1,D e,F\n", 3, "line 2"),
            ("code_euring,nom_scientifique,nom_francais\n1,A b,C\n\n2,D e\n", 4, "2 values"),
            ("code_euring,nom_scientifique,nom_francais\nx12,A b,C\n", 2, "x12"),
            ("code_euring,nom_scientifique,nom_francais\n123456,A b,C\n", 2, "123456"),
            ("code_euring,nom_scientifique,nom_francais\n1,,C\n", 2, "nom_scientifique is empty"),
            ("code_euring,nom_scientifique,nom_francais\n1,\"A b,C\n", 2, "never closed"),
        ] as [(String, Int, String)])
    func faults(_ text: String, _ line: Int, _ word: String) throws {
        let error = try #require(throws: ReferenceError.self) { try reference(text) }
        #expect(error.line == line)
        #expect("\(error)".hasPrefix("/etc/nids-sync/especes.csv, line \(line): "))
        #expect("\(error)".contains(word), "\(error)")
    }

    @Test("that is not UTF-8 is refused")
    func encoding() throws {
        let bytes = Array("code_euring,nom_scientifique,nom_francais\n1,A b,M".utf8) + [0xE9, 0x0A]
        let error = try #require(throws: ReferenceError.self) { try SpeciesReference(csv: bytes, file: "e.csv") }
        #expect(error.line == 2)
        #expect(error.problem.contains("UTF-8"))
    }

    @Test("in which two species share a name is certain of neither, unless the code says which")
    func shared() throws {
        let reference = try reference(
            "code_euring,nom_scientifique,nom_francais,autres_noms\n10,A b,C d,Zut\n20,E f,G h,zut\n")
        #expect(reference.match(name: "Zut", code: nil)?.status == .plusieurs)
        #expect(reference.match(name: "Zut", code: 20)?.species?.code == "00020")
    }
}
