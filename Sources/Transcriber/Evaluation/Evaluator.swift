import Foundation

/// Scores what lies below a folder.
public struct Evaluator: Sendable {
    /// The scores, and what could not be scored.
    public struct Outcome: Sendable {
        public var evaluation = Evaluation()
        /// One line for each sheet that could not be scored, with the reason.
        public var problems: [String] = []
        /// Truth files for which a model has no result, by model.
        public var missing: [String: [String]] = [:]
    }

    let files: EvaluationFiles

    public init(_ files: EvaluationFiles) {
        self.files = files
    }

    /// Scores the results that are there.
    ///
    /// - Parameter byFolder: `true` to score what a model read in each folder by itself, as to tell which of several
    ///   preparations of the sheets is read best.
    /// - Throws: `EvaluationError` when there are none, or none has a truth.
    public func scoreResults(byFolder: Bool = false) throws(EvaluationError) -> Outcome {
        guard let first = files.results.first else { throw .noResults(files.folder) }
        var outcome = Outcome()
        let truths = readTruths(&outcome)
        let byStem = Dictionary(grouping: truths.keys) { $0.stem }
        var scored: [String: Set<EvaluationFile>] = [:]
        for (label, file) in files.results {
            let model = byFolder ? "\(label) \(file.folders.joined(separator: "/"))" : label
            // The second scan of one stem has its whole name in that of its result.
            let candidates = byStem[file.stem] ?? byStem[Self.withoutScanSuffix(file.stem)] ?? []
            guard !candidates.isEmpty else { continue }
            guard let truth = file.nearest(of: candidates), let paper = truths[truth] else {
                let names = candidates.map(\.name).sorted().joined(separator: ", ")
                outcome.problems.append("\(file.name): which truth file is its own cannot be told: \(names)")
                continue
            }
            guard scored[model, default: []].insert(truth).inserted else {
                outcome.problems.append("\(file.name): \(truth.name) was scored with another result of \(model)")
                continue
            }
            guard let read = Self.document(at: file.path) else {
                outcome.problems.append("\(file.name): not a JSON document")
                continue
            }
            let score = FicheScore.compare(read: read, truth: paper)
            outcome.evaluation.add(
                Evaluation.Sheet(
                    model: model, name: truth.name, score: score, priority: Self.priority(of: read, file.name)))
        }
        guard !scored.isEmpty || !outcome.problems.isEmpty else {
            throw .nothingMatches(
                results: files.results.count, truths: files.truths.count, exampleResult: first.file.name,
                exampleTruth: files.truths.first?.name ?? "")
        }
        for model in scored.keys {
            let rest = Set(truths.keys).subtracting(scored[model] ?? [])
            if !rest.isEmpty { outcome.missing[model] = rest.map(\.name).sorted() }
        }
        return outcome
    }

    /// Has an engine read the scans of the truth files, one after the other, and scores that.
    ///
    /// - Parameter progress: Is told of each sheet before it is read.
    /// - Throws: `EvaluationError` when there are no such scans or a program is missing,
    ///   `CancellationError`.
    public func scoreScans(
        with engine: any Engine, progress: (String) -> Void = { _ in }
    ) async throws -> Outcome {
        var outcome = Outcome()
        let truths = readTruths(&outcome)
        for truth in truths.keys.sorted(by: { $0.name < $1.name }) {
            guard let paper = truths[truth] else { continue }
            let scans = files.scans(of: truth)
            guard !scans.isEmpty else {
                outcome.missing[engine.label, default: []].append(truth.name)
                continue
            }
            progress(truth.name)
            switch await Self.read(scans, with: engine) {
            case .success(let reading):
                let score = FicheScore.compare(read: JSONValue(reading.fiche), truth: paper)
                let evidence = ReviewEvidence(
                    reading.fiche, checks: reading.checks, corrections: reading.corrections.count)
                outcome.evaluation.add(
                    Evaluation.Sheet(
                        model: engine.label, name: truth.name, score: score, priority: evidence.priority))
            case .failure(.cancelled):
                throw CancellationError()
            case .failure(.toolMissing(let name, let package)):
                throw EvaluationError.toolMissing(name: name, package: package)
            case .failure(.unreadable(let reason)):
                outcome.problems.append("\(truth.name): \(reason)")
            case .failure(let error):
                outcome.problems.append("\(truth.name): \(error)")
            }
        }
        guard !outcome.evaluation.sheets.isEmpty || !outcome.problems.isEmpty else {
            throw EvaluationError.noScans(files.folder)
        }
        return outcome
    }

    private static func read(
        _ scans: [EvaluationFile], with engine: any Engine
    ) async -> Result<RepairedFiche, TranscriptionError> {
        do throws(TranscriptionError) {
            let kind = PromptKind(path: scans.first?.name ?? "")
            var pages: [TranscriptionRequest.Page] = []
            for scan in scans { pages.append(try page(scan)) }
            let answer = try await engine.transcribe(TranscriptionRequest(pages: pages, promptKind: kind))
            return .success(try FicheRepair.repair(answer.text, promptKind: kind))
        } catch {
            return .failure(error)
        }
    }

    /// The priority of a result as this program gives it, whichever wrote the file.
    private static func priority(of document: JSONValue, _ name: String) -> Int? {
        guard let reading = try? FicheRepair.repair(document, promptKind: PromptKind(path: name)) else { return nil }
        let own = document["nids_sync"]
        return ReviewEvidence(
            reading.fiche, checks: reading.checks, corrections: own?["corrections"]?.array?.count ?? 0,
            consensus: own?["consensus"]
        ).priority
    }

    /// The truth files that hold a sheet; other JSON files among them are passed over.
    private func readTruths(_ outcome: inout Outcome) -> [EvaluationFile: JSONValue] {
        var truths: [EvaluationFile: JSONValue] = [:]
        for file in files.truths {
            guard let document = Self.document(at: file.path) else {
                outcome.problems.append("\(file.name): not a JSON document")
                continue
            }
            if KeyAliases.score(document) > 0 { truths[file] = document }
        }
        return truths
    }

    private static func page(_ scan: EvaluationFile) throws(TranscriptionError) -> TranscriptionRequest.Page {
        let handle = FileHandle(forReadingAtPath: scan.path)
        defer { try? handle?.close() }
        guard let head = try? handle?.read(upToCount: MediaType.sniffLength), let type = MediaType(sniffing: head)
        else { throw .unreadable(reason: "\(scan.name) is no picture and no PDF") }
        return TranscriptionRequest.Page(path: scan.path, name: scan.name, mediaType: type)
    }

    private static func document(at path: String) -> JSONValue? {
        guard var bytes = FileManager.default.contents(atPath: path).map(Array.init) else { return nil }
        // Editors on Windows put a byte order mark before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        return try? JSONValue(parsing: bytes)
    }

    private static func withoutScanSuffix(_ stem: String) -> String {
        guard let dot = stem.lastIndex(of: "."),
            EvaluationFiles.scanSuffixes.contains(stem[stem.index(after: dot)...].lowercased())
        else { return stem }
        return String(stem[..<dot])
    }
}
