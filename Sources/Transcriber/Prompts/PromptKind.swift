/// Which printed form a sheet is, hence which prompt it is read with.
public enum PromptKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The form in use.
    case standard
    /// The old printed form: its table of visits is on the verso, its failures are boxes to tick.
    case ancien

    /// "ancien", in any case, anywhere in the scan's path below the root means the old form.
    public init(path: String) {
        self = Self.names(Array(path.utf8)) ? .ancien : .standard
    }

    private static let mark = Array("ancien".utf8)

    /// By bytes: an archive has a path for each of its sheets, and the word's letters are ASCII.
    private static func names(_ path: [UInt8]) -> Bool {
        guard path.count >= mark.count else { return false }
        return (0...(path.count - mark.count)).contains { start in
            mark.indices.allSatisfy { path[start + $0] | 0x20 == mark[$0] }
        }
    }
}
