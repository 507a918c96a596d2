import DAV
import Foundation
import GRDB

/// The jobs that a pass is about.
struct JobFilter: Sendable {
    /// Only at or below one of these, the spellings of one place.
    var below: [RemotePath]
    /// Only of these models.
    var models: [String]

    /// - Parameter below: the folder or scan as somebody typed it: servers and keyboards differ in the normal form.
    init(below: RemotePath? = nil, models: [String]) {
        self.below = below.flatMap { $0.isRoot ? nil : $0 }.map { PlaceFilter.spellings($0.description) } ?? []
        self.models = models
    }

    /// The filter for one model alone.
    func only(_ model: String) -> JobFilter {
        var filter = self
        filter.models = [model]
        return filter
    }

    /// The condition on `job`: of these models, with a scan that is there and worked on below one of these folders.
    var condition: SQL {
        """
        job.model IN \(models) AND EXISTS (SELECT 1 FROM scan WHERE scan.sheet_id = job.sheet_id
        AND scan.missing < 2 AND scan.left_out IS NULL\(place))
        """
    }

    private var place: SQL {
        guard !below.isEmpty else { return "" }
        let places = below.map { folder -> SQL in
            "scan.path = \(folder) OR scan.path >= \(folder.descendants.low) AND scan.path < \(folder.descendants.high)"
        }
        return " AND (\(places.joined(separator: " OR ")))"
    }
}
