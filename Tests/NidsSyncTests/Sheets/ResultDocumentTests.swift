import DAV
import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("A result file")
struct ResultDocumentTests {
    private static func document(_ change: (inout Fiche) -> Void = { _ in }) throws -> ResultDocument {
        var fiche = Fiche()
        fiche.informationsGenerales.espece = "Mésange bleue"
        fiche.informationsGenerales.nEspece = 57
        fiche.localisation.commune = "Saint-\"Éloi\"\n\u{2028}🪺"
        var row = Fiche.Visite()
        row.jour = 30
        row.mois = 5
        fiche.tableauDonnees = [row]
        change(&fiche)
        var reading = RepairedFiche(fiche: fiche)
        reading.corrections = ["clé corrigée"]
        reading.checks = [Check(field: "nid", rule: "essai", severity: .info, message: "à voir")]
        let page = SheetJob.Page(
            scanID: 1, path: try #require(RemotePath("jpeg/fiche 1.jpg")), fileID: "00012", etag: "abc", length: 10,
            sha256: String(repeating: "a", count: 64))
        let job = SheetJob(
            id: 1, sheetID: 1, model: "gemini_3_flash", stage: .answered, revision: 0, content: page.sha256,
            promptKind: .ancien, answerID: 1,
            isPublished: false, isRecorded: false, starts: 0, attempts: 0, folder: try #require(RemotePath("jpeg")),
            resultStem: Array("fiche 1".utf8), pages: [page])
        let answer = StoredAnswer(
            id: 1, text: "{}", promptVersion: 3, providerModel: "gemini-3.8-flash",
            usage: TokenUsage(input: 10, output: 20, thinking: 30), askedAt: 1_700_000_000.9,
            receivedAt: 1_700_000_060.2)
        return ResultDocument(reading, job: job, answer: answer)
    }

    /// The same document as another program would write it: keys in another order, no white space.
    private static func rewritten(_ document: ResultDocument) -> [UInt8] {
        func reversed(_ value: JSONValue) -> JSONValue {
            switch value {
            case .object(let object):
                .object(JSONObject(object.members.reversed().map { ($0.name, reversed($0.value)) }))
            case .array(let elements): .array(elements.map(reversed))
            default: value
            }
        }
        return Array(reversed(document.body).serialized().utf8).filter { $0 != 0x0A && $0 != 0x09 }
    }

    @Test("the same answer gives the same bytes each time")
    func deterministic() throws {
        let first = try Self.document().bytes
        for _ in 0..<20 { #expect(try Self.document().bytes == first) }
        #expect(first.last == 0x0A)
    }

    @Test("every key is there, in the order of the form, and ours comes last")
    func keys() throws {
        let document = ResultDocument.blank
        func names(_ value: JSONValue?) -> [String]? { value?.object?.names }
        let body = document.body
        #expect(
            names(body) == [
                "informations_generales", "nid", "localisation", "tableau_donnees", "tableau_donnees_2", "causes_echec",
                "remarque", "nids_sync",
            ])
        #expect(names(body["informations_generales"]) == ["n_fiche", "observateur", "n_espece", "espece", "annee"])
        #expect(names(body["nid"]) == ["nid_prec_t_meme_c_ple", "haut_nid", "h_c_vert", "nid"])
        #expect(
            names(body["localisation"]) == [
                "IGN_50000", "commune", "dep_t", "coordonnees_et_ou_lieu_dit", "altitude", "paysage", "alentours",
            ])
        let summary = body["tableau_donnees_2"]
        #expect(
            names(summary) == ["1er_o_pondu", "1er_p_eclos", "1er_p_volant", "nombre_oeufs", "nombre_poussins"])
        #expect(names(summary?["1er_o_pondu"]) == ["jour", "Mois", "Precision"])
        #expect(names(summary?["nombre_oeufs"]) == ["pondus", "eclos", "n_ecl"])
        #expect(names(summary?["nombre_poussins"]) == ["1/2", "3/4", "vol_t"])
        #expect(names(body["causes_echec"]) == ["causes_d_echec"])
        #expect(body["tableau_donnees"] == .array([]))
        #expect(body["remarque"] == .null)
        let rows = try Self.document().body["tableau_donnees"]?.array ?? []
        #expect(names(rows.first) == ["Jour", "Mois", "Heure", "Nombre_oeuf", "Nombre_pou", "age", "observations"])
        #expect(
            names(body["nids_sync"]) == [
                "version", "source", "model", "provider_model", "prompt", "asked_at", "received_at", "batch", "tokens",
                "corrections", "controles", "priorite", "consensus", "digest",
            ])
    }

    @Test("what is written can be read back as ours, with where it comes from")
    func ours() throws {
        let document = try ResultDocument(parsing: Self.document().bytes)
        let source = ResultDocument.Source(
            path: "jpeg/fiche 1.jpg", fileID: "00012", etag: "abc", sha256: String(repeating: "a", count: 64))
        #expect(document.author == .ours(source: [source]))
        let provenance = document.provenance
        #expect(provenance.providerModel == "gemini-3.8-flash")
        #expect(provenance.promptKind == .ancien)
        #expect(provenance.promptVersion == 3)
        #expect(provenance.usage == TokenUsage(input: 10, output: 20, thinking: 30))
        #expect(provenance.askedAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(provenance.receivedAt == Date(timeIntervalSince1970: 1_700_000_060))
    }

    @Test("another order of keys, other white space and a byte order mark make no difference")
    func spelling() throws {
        let document = try Self.document()
        #expect(Self.rewritten(document) != document.bytes)
        for bytes in [
            Self.rewritten(document), [0xEF, 0xBB, 0xBF] + document.bytes, Array(" \r\n".utf8) + document.bytes,
        ] {
            guard case .ours = try ResultDocument(parsing: bytes).author else {
                Issue.record("not recognised as ours")
                continue
            }
        }
    }

    @Test("a number with a decimal point of nothing is the same number")
    func numbers() throws {
        let text = String(decoding: try Self.document().bytes, as: UTF8.self)
        let edited = text.replacing("\"n_espece\": 57,", with: "\"n_espece\": 57.0,")
        #expect(edited != text)
        guard case .ours = try ResultDocument(parsing: Array(edited.utf8)).author else {
            Issue.record("not recognised as ours")
            return
        }
    }

    @Test(
        "a change anywhere in the sheet is a person's",
        arguments: [
            ("Mésange bleue", "Mésange noire"), ("57", "58"), ("57", "\"57\""), ("57", "null"),
            ("\"Jour\": 30", "\"Jour\": 31"),
            ("\"remarque\": null", "\"remarque\": \"\""), ("\"remarque\": null", "\"remarque\": null, \"extra\": 1"),
            ("\"Heure\": null,", ""),
        ])
    func edited(old: String, new: String) throws {
        let text = String(decoding: try Self.document().bytes, as: UTF8.self)
        let edited = text.replacing(old, with: new)
        #expect(edited != text)
        #expect(try ResultDocument(parsing: Array(edited.utf8)).author == .edited)
    }

    @Test("accents typed in another form are an edit too: bytes decide")
    func normalization() throws {
        let text = String(decoding: try Self.document().bytes, as: UTF8.self)
        let edited = Array(text.utf8).replacing(Array("Mésange".utf8), with: Array("Me\u{301}sange".utf8))
        #expect(try ResultDocument(parsing: edited).author == .edited)
    }

    @Test("without our key, or with something else under it, the file is somebody else's")
    func foreign() throws {
        var body = try Self.document().body.object ?? JSONObject()
        for own in [nil, JSONValue.null, "ours", [], 1] as [JSONValue?] {
            body["nids_sync"] = own
            let bytes = Array(JSONValue.object(body).serialized().utf8)
            #expect(try ResultDocument(parsing: bytes).author == .foreign)
        }
        for text in ["[]", "3", "null", "\"text\"", "{}"] {
            #expect(try ResultDocument(parsing: Array(text.utf8)).author == .foreign)
        }
    }

    @Test(
        "our key without its digest, or with a wrong one, is an edited file, never ours",
        arguments: ["{}", "{\"digest\": 3}"])
    func forged(own: String) throws {
        #expect(
            try ResultDocument(parsing: Array("{\"remarque\": null, \"nids_sync\": \(own)}".utf8)).author == .edited)
    }

    @Test("a source without a digest is no source")
    func sources() throws {
        let document = try Self.document()
        var body = document.body.object ?? JSONObject()
        var own = body["nids_sync"]?.object ?? JSONObject()
        own["source"] = [["path": "a.jpg"], 3, ["sha256": "s"]]
        body["nids_sync"] = .object(own)
        let author = try ResultDocument(parsing: Array(JSONValue.object(body).serialized().utf8)).author
        #expect(author == .ours(source: [.init(path: "", fileID: nil, etag: nil, sha256: "s")]))
    }

    @Test("what stands under our key is not part of the digest or the sheet")
    func sheet() throws {
        let document = try Self.document()
        #expect(document.sheet[ResultDocument.ownKey] == nil)
        #expect(document.sheet.object?.names == document.body.object?.names.filter { $0 != "nids_sync" })
    }

    @Test(
        "what is no JSON is an error, not a crash",
        arguments: ["", "{", "nonsense", String(repeating: "[", count: 100_000), "{\"a\": 1e999}", "\u{0}"])
    func noJSON(text: String) {
        #expect(throws: (any Error).self) { try ResultDocument(parsing: Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are an error, not a crash")
    func notUTF8() {
        #expect(throws: (any Error).self) { try ResultDocument(parsing: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) }
    }

    @Test("what several models agree on stands under our key, and the sheet is still ours")
    func consensus() throws {
        let document = try Self.document()
        #expect(document.body["nids_sync"]?["consensus"] == .null)
        #expect(document.comparedModels == [])
        #expect(document.with(nil, of: Fiche()).bytes == document.bytes)
        var other = Fiche()
        other.informationsGenerales.espece = "Mésange noire"
        let consensus = Consensus([(label: "a", fiche: Fiche()), (label: "b", fiche: other)])
        let compared = try ResultDocument(parsing: document.with(consensus, of: Fiche()).bytes)
        guard case .ours = compared.author else {
            Issue.record("not recognised as ours")
            return
        }
        #expect(compared.sheet == document.sheet)
        #expect(compared.comparedModels == ["a", "b"])
        #expect(
            compared.body["nids_sync"]?["consensus"]?["a_voir_d_abord"] == ["informations_generales.espece"])
        #expect(
            document.with(consensus, of: Fiche()).body["nids_sync"]?.object?.names
                == document.body["nids_sync"]?.object?.names)
    }

    @Test("what is doubted of a reading is read back as it was written")
    func checks() throws {
        let document = try ResultDocument(parsing: Self.document().bytes)
        #expect(
            document.checks == [Check(field: "nid", rule: "essai", severity: .info, message: "à voir")])
    }

    @Test("a local model counts no tokens, and is read back so")
    func withoutTokens() throws {
        let document = ResultDocument.blank
        #expect(document.body["nids_sync"]?["tokens"] == .null)
        #expect(try ResultDocument(parsing: document.bytes).provenance.usage == nil)
    }
}

extension ResultDocument {
    /// The result of an empty sheet.
    fileprivate static var blank: ResultDocument {
        let job = SheetJob(
            id: 1, sheetID: 1, model: "tesseract", stage: .answered, revision: 0, content: nil, promptKind: .standard,
            answerID: 1, isPublished: false, isRecorded: false, starts: 0, attempts: 0, folder: .root,
            resultStem: Array("a".utf8), pages: [])
        let answer = StoredAnswer(
            id: 1, text: "{}", promptVersion: 1, providerModel: "tesseract", usage: nil, askedAt: 0, receivedAt: 0)
        return ResultDocument(RepairedFiche(fiche: Fiche()), job: job, answer: answer)
    }
}
