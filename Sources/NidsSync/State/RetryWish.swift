import DAV
import Foundation
import GRDB

/// What a person wants to have done once more.
public struct RetryWish: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Sheets that failed, or wait for another try.
        case unfinished
        /// Sheets that failed.
        case failed
        /// Sheets whose answer is of an older prompt or model: they are asked about anew, which costs money.
        case outdated
        /// Results that a person deleted: they are published again from the stored answer.
        case deleted
    }

    public var kind: Kind
    /// Files and folders below the root, as people type them; none for all.
    public var paths: [String]

    public init(_ kind: Kind, paths: [String] = []) {
        self.kind = kind
        self.paths = paths
    }
}

/// A place below the root as a person types it: servers and keyboards differ in the normal form.
struct PlaceFilter: Sendable {
    private let spellings: [RemotePath]

    /// `nil` for what can be no path.
    init?(_ text: String) {
        // A folder is one with a slash at its end too.
        let text = String(text.reversed().drop { $0 == "/" }.reversed())
        guard let path = RemotePath(text) else { return nil }
        let forms = [
            path, RemotePath(text.precomposedStringWithCanonicalMapping),
            RemotePath(text.decomposedStringWithCanonicalMapping),
        ]
        spellings = Array(Set(forms.compactMap { $0 }))
    }

    /// The condition on `scan`: it lies there, or below.
    var condition: String {
        spellings.map { $0.isRoot ? "1" : "scan.path = ? OR scan.path >= ? AND scan.path < ?" }
            .joined(separator: " OR ")
    }

    var arguments: StatementArguments {
        spellings.reduce(into: StatementArguments()) { arguments, path in
            guard !path.isRoot else { return }
            arguments += [path.blob, path.blob + Data("/".utf8), path.blob + Data("0".utf8)]
        }
    }
}
