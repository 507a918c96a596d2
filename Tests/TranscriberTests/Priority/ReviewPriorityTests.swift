import Foundation
import Testing

@testable import Transcriber

@Suite("What to look over first")
struct ReviewPriorityTests {
    private func check(_ severity: Check.Severity, _ field: String = "annee") -> Check {
        Check(field: field, rule: "regle", severity: severity, message: "message")
    }

    /// A sheet with nothing to say against it.
    private func sheet() throws -> Fiche {
        try FicheRepair.repair(SampleSheets.truth("typed/fiche 27FINAL.truth.json")).fiche
    }

    @Test("a reading that nothing speaks against has priority 0, and each thing that does raises it")
    func factors() throws {
        let fiche = try sheet()
        #expect(ReviewEvidence(fiche, checks: []).priority == 0)
        let graver = Check.Severity.allCases.map { ReviewEvidence(fiche, checks: [check($0)]).priority }
        #expect(graver == graver.sorted() && Set(graver).count == 3 && graver.allSatisfy { $0 > 0 }, "\(graver)")
        #expect(ReviewEvidence(fiche, checks: [], corrections: 3).priority > 0)
        var other = fiche
        other.localisation.commune = nil
        #expect(ReviewEvidence(other, checks: []).counts == [.communeAbsente: 1])
        for (name, factor) in [
            ("Xyzzy", ReviewFactor.especeInconnue), ("Hirondelle rustiqe", .especeProposee),
            ("Mésange", .especePlusieurs),
        ] {
            other = fiche
            (other.informationsGenerales.espece, other.informationsGenerales.nEspece) = (name, nil)
            #expect(ReviewEvidence(other, checks: []).counts == [factor: 1])
        }
        #expect(ReviewEvidence(Fiche(), checks: []).counts[.valeurManquante] == 20)
    }

    @Test("readings of other models that differ raise it, and most where they outvote this one")
    func disagreement() throws {
        let fiche = try sheet()
        var other = fiche
        other.localisation.commune = "Ailleurs"
        func evidence(_ readings: [Fiche]) throws -> ReviewEvidence {
            let consensus = Consensus(zip(["a", "b", "c"], readings).map { (label: $0, fiche: $1) })
            return ReviewEvidence(fiche, checks: [], consensus: try #require(consensus.map { JSONValue($0) }))
        }
        #expect(try evidence([fiche, fiche]).priority == 0)
        #expect(try evidence([fiche, other]).counts == [.desaccord: 1])
        #expect(try evidence([fiche, other, other]).counts == [.minorite: 1])
        #expect(try evidence([fiche, other, fiche]).counts == [.desaccord: 1])
        other = fiche
        other.tableauDonnees.removeLast()
        #expect(try evidence([fiche, other]).counts == [.visiteDeCertains: 1])
        other = fiche
        other.localisation.commune = nil
        #expect(try evidence([fiche, other]).counts == [.luParCertains: 1])
    }

    @Test("it never passes 100, whatever a model answered")
    func bounds() {
        let checks = (0..<300).map { check($0 % 2 == 0 ? .erreur : .avertissement) }
        let disagreement: JSONValue = ["valeurs": 3, "majorite": "x"]
        let hostile: JSONValue = ["desaccords": .array(Array(repeating: disagreement, count: 999) + [.null, "x"])]
        let evidence = ReviewEvidence(Fiche(), checks: checks, corrections: .max, consensus: hostile)
        #expect(evidence.priority == 100)
        #expect(ReviewEvidence(Fiche(), checks: [], consensus: "nonsense").priority > 0)
    }

    @Test("what a person wrote has none unless it does not fit together; what they confirmed, unless it cannot be")
    func persons() {
        func priority(_ severities: [Check.Severity], _ isConfirmed: Bool) -> Int {
            ReviewEvidence(ofPersons: severities.map { check($0) }, isConfirmed: isConfirmed).priority
        }
        #expect(priority([], false) == 0)
        #expect(priority([.info], false) == 0)
        #expect(priority([.avertissement], false) > 0)
        #expect(priority([.avertissement, .info], true) == 0)
        #expect(priority([.erreur], true) > 0)
    }

    @Test("the weights order simulated errors well, those of another seed than they were fitted on")
    func weights() throws {
        let (fitted, others) = (
            try SimulatedReading.all(600, seed: 1), try SimulatedReading.all(600, seed: 2)
        )
        for (factor, points) in SimulatedReading.fit(fitted) {
            print("weight of \(factor.rawValue): \((points * 100).rounded() / 100) fields each")
        }
        for (name, readings) in [("fitted on", fitted), ("another seed", others)] {
            let order = try #require(SimulatedReading.order(readings))
            print("\(name): \(order)")
            #expect(order.share > 3 * order.randomShare)
            #expect(order.share > 0.7 * order.bestShare)
        }
    }
}
