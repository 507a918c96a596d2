import Foundation

/// The truth files, results and scans below a folder.
public struct EvaluationFiles: Sendable {
    static let scanSuffixes = MediaType.fileNameExtensions
    private static let sides = [
        ("R", "V"), ("-R", "-V"), ("_R", "_V"), ("_recto", "_verso"), ("_page1", "_page2"), ("-recto", "-verso"),
        ("-page1", "-page2"),
    ]

    let folder: String
    let truthFolder: String
    let truths: [EvaluationFile]
    let results: [(model: String, file: EvaluationFile)]
    /// By stem in lower case.
    private let scans: [String: [EvaluationFile]]

    /// Finds the files.
    ///
    /// - Parameters:
    ///   - folder: Holds results as the service writes them, `…/<model>/<stem>_result.json`, or scans.
    ///   - truth: Holds truth files; then every `<stem>.json` in it is one. Without it they lie below `folder`, as
    ///     `<stem>.truth.json`, as `<stem>_truth.json`, or as `<stem>.json` beside the scan or in a folder `truth`.
    /// - Throws: `EvaluationError` when a folder cannot be read or there is no truth file.
    public init(folder: String, truth: String? = nil) throws(EvaluationError) {
        self.folder = folder
        truthFolder = truth ?? folder
        let files = try EvaluationFile.all(below: folder)
        results = files.compactMap { Self.result($0.path, $0.components, in: folder) }
        let scans = files.compactMap { Self.scan($0.path, $0.components) }
        self.scans = Dictionary(grouping: scans) { $0.stem.lowercased() }
        let scanStems = Set(scans.flatMap { scan in Self.sheetStems(of: scan).map { scan.folders + [$0] } })
        truths =
            truth == nil
            ? files.compactMap { Self.truth($0.path, $0.components, everyJSON: false, beside: scanStems) }
            : try EvaluationFile.all(below: truthFolder).compactMap {
                Self.truth($0.path, $0.components, everyJSON: true, beside: scanStems)
            }
        guard !truths.isEmpty else { throw .noTruth(truthFolder) }
    }

    private static func result(
        _ path: String, _ components: [String], in folder: String
    ) -> (model: String, file: EvaluationFile)? {
        guard let stem = components.last?.without(suffix: "_result.json") else { return nil }
        let root = URL(fileURLWithPath: folder).lastPathComponent
        let model = components.dropLast().last ?? root
        var folders = Array(components.dropLast(2))
        if let own = folders.lastIndex(of: "transcription_results") { folders.removeFirst(own + 1) }
        return (
            model,
            EvaluationFile(
                path: path, name: components.joined(separator: "/"), folders: folders, stem: stem.composed)
        )
    }

    private static func scan(_ path: String, _ components: [String]) -> EvaluationFile? {
        guard let name = components.last, let dot = name.lastIndex(of: "."), dot > name.startIndex,
            scanSuffixes.contains(name[name.index(after: dot)...].lowercased())
        else { return nil }
        return EvaluationFile(
            path: path, name: components.joined(separator: "/"), folders: Array(components.dropLast()),
            stem: String(name[..<dot]).composed)
    }

    private static func truth(
        _ path: String, _ components: [String], everyJSON: Bool, beside scans: Set<[String]>
    ) -> EvaluationFile? {
        guard let name = components.last, let plain = name.without(suffix: ".json") else { return nil }
        let folders = components.dropLast()
        let stem: String
        if let marked = plain.without(suffix: ".truth") ?? plain.without(suffix: "_truth") {
            stem = marked.composed
        } else {
            guard plain.without(suffix: "_result") == nil, plain.without(suffix: "_raw") == nil else { return nil }
            stem = plain.composed
            guard everyJSON || folders.last == "truth" || scans.contains(folders + [stem]) else { return nil }
        }
        return EvaluationFile(
            path: path, name: components.joined(separator: "/"),
            folders: folders.last == "truth" ? folders.dropLast() : Array(folders), stem: stem)
    }

    /// The stems of the sheets that a scan may belong to: its own, and without the mark of a side.
    private static func sheetStems(of scan: EvaluationFile) -> [String] {
        let lower = scan.stem.lowercased()
        let marks = sides.flatMap { [$0.0, $0.1] }.filter { lower.hasSuffix($0.lowercased()) }
        return [scan.stem] + marks.map { String(scan.stem.dropLast($0.count)) }
    }

    /// The scan of a truth file, or its recto and verso; nothing when there is none, or it cannot be told which.
    func scans(of truth: EvaluationFile) -> [EvaluationFile] {
        func scan(_ stem: String) -> EvaluationFile? {
            truth.nearest(of: scans[stem.lowercased()] ?? [])
        }
        if let whole = scan(truth.stem) { return [whole] }
        for (recto, verso) in Self.sides {
            let pages = [scan(truth.stem + recto), scan(truth.stem + verso)].compactMap(\.self)
            if !pages.isEmpty { return pages }
        }
        return []
    }
}
