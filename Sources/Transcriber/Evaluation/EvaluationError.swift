/// Reasons for which nothing can be scored.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    case notAFolder(String)
    case noTruth(String)
    case noResults(String)
    case noScans(String)
    case toolMissing(name: String, package: String)
    case nothingMatches(results: Int, truths: Int, exampleResult: String, exampleTruth: String)

    public var description: String {
        switch self {
        case .notAFolder(let path):
            "\(path) is not a folder that can be read"
        case .noTruth(let path):
            "no truth files below \(path): they are <stem>.truth.json or <stem>_truth.json anywhere, <stem>.json beside "
                + "the scan or in a folder truth/, or lie in another folder given with --truth"
        case .noResults(let path):
            "no results below \(path): they are …/<model>/<stem>_result.json, as the service writes them; to read the "
                + "scans now, add --engine tesseract"
        case .noScans(let path):
            "no scan below \(path) has the name of a truth file"
        case .toolMissing(let name, let package):
            "the program \(name) is missing on this machine: apt-get install \(package)"
        case .nothingMatches(let results, let truths, let exampleResult, let exampleTruth):
            "none of \(results) results has the name of one of \(truths) truth files: \(exampleResult) would be "
                + "scored against <stem>.truth.json with the same stem, there is for example \(exampleTruth)"
        }
    }
}
