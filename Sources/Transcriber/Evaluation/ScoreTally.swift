/// Fields counted by how they were read.
public struct ScoreTally: Sendable, Hashable {
    /// Fields of the truth, blank ones included.
    public private(set) var all = 0
    /// Fields of the truth with something on the paper.
    public private(set) var written = 0
    public private(set) var exact = 0
    /// Right apart from spelling details, and not counted as exact.
    public private(set) var normalised = 0
    public private(set) var wrong = 0
    public private(set) var missed = 0
    /// Values read where the truth is blank or has no such row.
    public private(set) var invented = 0

    public init() {}

    mutating func add(_ field: FicheScore.Field) {
        if field.expected != nil { all += 1 }
        switch field.outcome {
        case .exact: exact += 1
        case .normalised: normalised += 1
        case .wrong: wrong += 1
        case .missed: missed += 1
        case .invented: invented += 1
        case .bothBlank: break
        }
        if ![.invented, .bothBlank].contains(field.outcome) { written += 1 }
    }

    /// Of the written fields, the share read exactly, 0 to 1; `nil` when nothing is written.
    public var exactShare: Double? { share(exact, of: written) }
    /// Of the written fields, the share right after normalisation.
    public var rightShare: Double? { share(exact + normalised, of: written) }
    /// Of the written fields, the share read otherwise.
    public var wrongShare: Double? { share(wrong, of: written) }
    /// Of the written fields, the share left blank.
    public var missedShare: Double? { share(missed, of: written) }
    /// Invented values for each field of the truth, blank ones included.
    public var inventedShare: Double? { share(invented, of: all) }

    private func share(_ count: Int, of whole: Int) -> Double? { whole == 0 ? nil : Double(count) / Double(whole) }
}
