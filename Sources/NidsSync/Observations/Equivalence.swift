/// What was learned of a misread name: the species that people put in its place.
public struct Equivalence: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// One person put that species there: readings of that name get it, and stay doubtful.
        case appris
        /// Two people agreed: readings of that name get it.
        case confirme
        /// People put different species there: none is taken.
        case conteste
        /// It was undone.
        case annule
    }

    /// The name as it was read, in the words of one of the sheets.
    public var reading: String
    public var speciesCode: String
    public var speciesName: String
    /// The people, as far as they are known.
    public var people: [String]
    /// The sheets on which somebody put it there.
    public var sheets: Int
    public var state: State
}
