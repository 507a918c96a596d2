/// Which printed form a sheet is, hence which prompt it is read with.
public enum PromptKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The form in use.
    case standard
    /// The old printed form: its table of visits is on the verso, its failures are boxes to tick.
    case ancien

    /// "ancien", in any case, anywhere in the scan's path below the root means the old form.
    public init(path: String) {
        self = path.lowercased().contains("ancien") ? .ancien : .standard
    }
}
