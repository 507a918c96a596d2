import Foundation

@testable import Transcriber

/// A simulated reading, what speaks for looking it over, and how many of its fields are not right.
struct SimulatedReading {
    var evidence: ReviewEvidence
    var wrong: Int

    /// Readings of the sample sheets that are kept with the tests, every other one beside those of two other models.
    static func all(_ count: Int, seed: UInt64) throws -> [SimulatedReading] {
        let papers = try SampleSheets.soundTruths()
        var misreading = Misreading(seed: seed)
        return try (0..<count).map { number in
            let paper = papers[number % papers.count]
            let reading = try FicheRepair.repair(misreading.read(paper, rate: misreading.rate()))
            var consensus: Consensus?
            if number / papers.count % 2 == 1 {
                let others = try (0..<2).map { _ in
                    try FicheRepair.repair(misreading.read(paper, rate: misreading.rate())).fiche
                }
                consensus = Consensus(
                    zip(["a", "b", "c"], [reading.fiche] + others).map { (label: $0, fiche: $1) },
                    checks: reading.checks)
            }
            let score = FicheScore.compare(read: JSONValue(reading.fiche), truth: paper)
            return SimulatedReading(
                evidence: ReviewEvidence(
                    reading.fiche, checks: reading.checks, corrections: reading.corrections.count,
                    consensus: consensus.map { JSONValue($0) }),
                wrong: score.wrong + score.missed + score.invented)
        }
    }

    /// Weights of least squares, none of them below zero, for the number of fields that are not right.
    static func fit(_ readings: [SimulatedReading]) -> [(factor: ReviewFactor, points: Double)] {
        let factors = ReviewFactor.allCases
        let rows = readings.map { reading in
            factors.map { Double(min(reading.evidence.counts[$0] ?? 0, $0.weight.atMost)) }
        }
        var weights = [Double](repeating: 0, count: factors.count)
        var base = 0.0
        var rest = readings.map { Double($0.wrong) }
        for _ in 0..<100 {
            let shift = rest.reduce(0, +) / Double(rest.count)
            base += shift
            for index in rest.indices { rest[index] -= shift }
            for column in factors.indices {
                let squares = rows.reduce(1.0) { $0 + $1[column] * $1[column] }
                let slope = zip(rows, rest).reduce(0.0) { $0 + $1.0[column] * $1.1 } / squares
                let change = max(-weights[column], slope)
                weights[column] += change
                for index in rest.indices { rest[index] -= change * rows[index][column] }
            }
        }
        return zip(factors, weights).map { ($0, $1) }
    }

    /// How well an order by these weights finds what is not right.
    static func order(_ readings: [SimulatedReading]) -> ReviewOrder? {
        ReviewOrder(readings.map { ($0.evidence.priority, $0.wrong) })
    }
}

extension SampleSheets {
    /// What stands on the paper of each sample sheet, by the files' names.
    static func truths() throws -> [JSONValue] {
        try ["typed", "hand", "pairs", "printings"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
                .filter { $0.hasSuffix(".truth.json") && $0 != "blank.truth.json" }.map { try truth(folder + "/" + $0) }
        }
    }

    /// Those, and the demo's sheets, that the checks find nothing wrong with: some samples are of made-up layouts, whose
    /// contents do not fit together.
    static func soundTruths() throws -> [JSONValue] {
        let demo = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/nids-sync/Sheets"
        )
        .standardized.path(percentEncoded: false)
        let others = try FileManager.default.contentsOfDirectory(atPath: demo).sorted()
            .filter { $0.hasSuffix("truth.json") }
            .map { try JSONValue(parsing: Data(contentsOf: URL(filePath: demo + "/" + $0))) }
        return try (truths() + others).filter { paper in
            try FicheRepair.repair(paper).checks.allSatisfy { $0.severity == .info }
        }
    }
}
