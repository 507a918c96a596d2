import DAV
import Foundation
import GRDB

/// Which jobs a pass is about.
struct JobFilter: Sendable {
    /// Only below one of these, the spellings of one folder.
    var below: [RemotePath]
    /// Only of these models.
    var models: [String]

    /// - Parameter below: the folder as somebody typed it: servers and keyboards differ in the normal form.
    init(below: RemotePath? = nil, models: [String]) {
        let folder = below.flatMap { $0.isRoot ? nil : $0 }
        let spellings = folder.map { folder in
            let text = folder.description
            return [
                folder, RemotePath(text.precomposedStringWithCanonicalMapping),
                RemotePath(text.decomposedStringWithCanonicalMapping),
            ]
        }
        self.below = Array(Set((spellings ?? []).compactMap { $0 }))
        self.models = models
    }

    /// The filter for one model alone.
    func only(_ model: String) -> JobFilter {
        var filter = self
        filter.models = [model]
        return filter
    }

    /// The condition on `job`: of these models, with a scan that is there and worked on below one of these folders.
    var condition: String {
        """
        job.model IN (\(modelList)) AND EXISTS (SELECT 1 FROM scan WHERE scan.sheet_id = job.sheet_id
        AND scan.missing < 2 AND scan.left_out IS NULL\(place))
        """
    }

    var modelList: String { models.indices.map { ":model\($0)" }.joined(separator: ", ") }

    private var place: String {
        let places = below.indices.map { "scan.path >= :low\($0) AND scan.path < :high\($0)" }
        return places.isEmpty ? "" : " AND (\(places.joined(separator: " OR ")))"
    }

    func arguments(_ others: [String: (any DatabaseValueConvertible)?] = [:]) -> StatementArguments {
        var arguments = others
        for (index, model) in models.enumerated() { arguments["model\(index)"] = model }
        for (index, folder) in below.enumerated() {
            arguments["low\(index)"] = folder.blob + Data("/".utf8)
            arguments["high\(index)"] = folder.blob + Data("0".utf8)
        }
        return StatementArguments(arguments)
    }
}
