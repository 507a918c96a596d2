/// The places where bytes from outside come in.
enum FuzzTarget: String, CaseIterable {
    case multistatus, hrefs, etags, answers
    case json, repair, gemini, openai, batchLines = "batch-lines"
    case pictureHeaders = "picture-headers", toolOutput = "tool-output"
    case resultFiles = "result-files", claims, configuration, paths

    /// Takes the bytes; whatever comes of them is right, unless it traps or does not end.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .multistatus: DAVTargets.multistatus(bytes)
        case .hrefs: DAVTargets.hrefs(bytes)
        case .etags: DAVTargets.etagsAndDates(bytes)
        case .answers: ServerTargets.answers(bytes)
        case .json: AnswerTargets.json(bytes)
        case .repair: AnswerTargets.repair(bytes)
        case .gemini: AnswerTargets.gemini(bytes)
        case .openai: AnswerTargets.openAI(bytes)
        case .batchLines: AnswerTargets.batchLines(bytes)
        case .pictureHeaders: ScanTargets.headers(bytes)
        case .toolOutput: ScanTargets.toolOutput(bytes)
        case .resultFiles: ServiceTargets.resultFile(bytes)
        case .claims: ServiceTargets.claim(bytes)
        case .configuration: ServiceTargets.configuration(bytes)
        case .paths: ServiceTargets.paths(bytes)
        }
    }
}
