/// A sheet made of an answer, and what had to be done to the answer.
public struct RepairedFiche: Sendable, Hashable {
    /// The sheet; its JSON is exactly of the result's form.
    public var fiche: Fiche
    /// The changes, for people, in French; empty when the answer was exactly of the result's form, and then
    /// there is no `_raw.json` to keep.
    public var corrections: [String]
    /// The remarks on values that could not be kept, and on those that do not fit together.
    public var checks: [Check]

    public init(fiche: Fiche, corrections: [String] = [], checks: [Check] = []) {
        self.fiche = fiche
        self.corrections = corrections
        self.checks = checks
    }
}
