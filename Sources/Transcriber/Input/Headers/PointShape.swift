/// The shape of a picture's points: their height, where their width is 1.
enum PointShape {
    /// Less than that is a scanner's inexactness: a fine fax has 204 × 196 points an inch.
    private static let leastDifference = 1.1
    /// More than that is a mistake in the file.
    private static let mostDifference = 4.0

    /// The height of a point, from the points in some length across and down; 1 for a square, and where nothing that
    /// can be is said.
    static func ratio(across: Double?, down: Double?) -> Double {
        guard let across, let down, across > 0, down > 0, across.isFinite, down.isFinite else { return 1 }
        let ratio = across / down
        let difference = max(ratio, 1 / ratio)
        return difference >= leastDifference && difference <= mostDifference ? ratio : 1
    }
}
