import Transcriber

extension NameReference {
    /// Raised whenever other values are computed of the same words.
    private static let version = 1

    /// What a row was computed with: it is computed anew where that is another.
    var digest: String { "\(Self.version) \(species.digest)" + (communes.map { " " + $0.digest } ?? "") }
}
