import ArgumentParser
import Foundation
import Transcriber

/// Scores results against truth files.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Score results against truth files, per field and per model.",
        discussion: """
            Below the folder lie results as the service writes them, …/<model>/<stem>_result.json; a copy of the \
            Nextcloud folder will do. A truth file has the result's form and says what stands on the paper. It is \
            called <stem>.truth.json or <stem>_truth.json, or <stem>.json where it lies beside the scan, in a folder \
            truth/, or below --truth. Where one stem occurs in several folders, the one in the most similar place is \
            taken. Visits are matched in their order by month and day.
            """)

    /// The engine that reads the scans right now.
    enum ReadingEngine: String, ExpressibleByArgument, CaseIterable {
        case tesseract
    }

    /// The results that are scored together.
    enum Breakdown: String, ExpressibleByArgument, CaseIterable {
        case model, folder
    }

    @Argument(help: ArgumentHelp("The folder with the results, or with the scans.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Where the truth files are, if not below the same folder.", valueName: "dir"))
    var truth: String?

    @Option(help: "Read the scans now, with this engine of this machine, instead of scoring results.")
    var engine: ReadingEngine?

    @Option(
        help: """
            Score each model as a whole, or in each folder by itself: which preparation of the sheets is read best \
            (read with nextcloud.variants: none).
            """)
    var by = Breakdown.model

    @Flag(help: "Print CSV on stdout.")
    var csv = false

    @Flag(help: "Print JSON on stdout.")
    var json = false

    @Flag(help: "Print every field that was not read right, too; on stderr beside --csv or --json.")
    var differences = false

    func validate() throws {
        if by == .folder, engine != nil { throw ValidationError("--by folder scores results; it excludes --engine.") }
        if csv, json { throw ValidationError("--csv and --json exclude each other.") }
    }

    func run() async throws {
        let outcome: Evaluator.Outcome
        do {
            let evaluator = Evaluator(try EvaluationFiles(folder: folder, truth: truth))
            switch engine {
            case .tesseract:
                let isTerminal = isatty(STDERR_FILENO) == 1
                outcome = try await evaluator.scoreScans(with: TesseractEngine()) { name in
                    if isTerminal { Output.error("\r\u{1B}[K\(name)") }
                }
                if isTerminal { Output.error("\r\u{1B}[K") }
            case nil:
                outcome = try evaluator.scoreResults(byFolder: by == .folder)
            }
        } catch let error as EvaluationError {
            Output.error("nids-sync: \(error)\n")
            throw ExitCode.validationFailure
        }
        show(outcome)
        if !outcome.problems.isEmpty { throw ExitCode.failure }
    }

    private func show(_ outcome: Evaluator.Outcome) {
        let evaluation = outcome.evaluation
        if csv {
            Output.out(evaluation.csv)
        } else if json {
            Output.out(evaluation.json.serialized() + "\n")
        } else {
            Output.out(evaluation.table)
        }
        if differences {
            let text = evaluation.differences
            csv || json ? Output.error(text) : Output.out("\n" + text)
        }
        for (model, names) in outcome.missing.sorted(by: { $0.key < $1.key }) {
            let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? "…" : "")
            Output.error("nids-sync: \(names.count) truth files have no result of \(model): \(shown)\n")
        }
        for problem in outcome.problems { Output.error("nids-sync: \(problem)\n") }
    }
}
