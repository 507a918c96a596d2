import DAV
import Foundation
import GRDB
import Transcriber

extension SheetJob.Stage: DatabaseValueConvertible {}
extension Publication.State: DatabaseValueConvertible {}
extension BatchRecord.Stage: DatabaseValueConvertible {}
extension RequestOutcome: DatabaseValueConvertible {}
extension PageName.Side: DatabaseValueConvertible {}

/// Paths are blobs: the server's bytes, which SQLite compares as they are.
extension RemotePath {
    /// The path as the state stores it.
    var blob: Data { Data(bytes) }

    /// The bounds of the blobs that begin with the path and a slash: from `path/` up to, not including, `path0` ("0"
    /// follows "/").
    var descendants: (low: Data, high: Data) {
        isRoot ? (Data(), Data([0xFF])) : (blob + Data("/".utf8), blob + Data("0".utf8))
    }
}

extension SQLInterpolation {
    mutating func appendInterpolation(_ path: RemotePath) { appendInterpolation(path.blob) }
    mutating func appendInterpolation(_ path: RemotePath?) { appendInterpolation(path?.blob) }
    mutating func appendInterpolation(_ kind: PromptKind) { appendInterpolation(kind.rawValue) }
}

extension Row {
    /// A time that is stored as seconds since 1970.
    func date(_ column: String) -> Date { Date(timeIntervalSince1970: self[column]) }

    /// A time that is stored as seconds since 1970, or NULL.
    func dateIfPresent(_ column: String) -> Date? {
        (self[column] as Double?).map(Date.init(timeIntervalSince1970:))
    }

    /// A stored word.
    /// - Throws: `StateError.unknownWord` when it is none that this release knows.
    func known<Word: RawRepresentable>(_ column: String) throws -> Word where Word.RawValue: DatabaseValueConvertible {
        let stored: DatabaseValue = self[column]
        guard let word = Word.RawValue.fromDatabaseValue(stored).flatMap(Word.init) else {
            throw StateError.unknownWord(column: column, word: "\(stored)")
        }
        return word
    }

    /// A stored word, or NULL.
    /// - Throws: `StateError.unknownWord` when it is none that this release knows.
    func knownIfPresent<Word: RawRepresentable>(_ column: String) throws -> Word?
    where Word.RawValue: DatabaseValueConvertible {
        let stored: DatabaseValue = self[column]
        return stored.isNull ? nil : try known(column)
    }

    /// A stored path.
    /// - Throws: `StateError.unknownWord` when it is none.
    func known(_ column: String) throws -> RemotePath {
        let stored: DatabaseValue = self[column]
        guard let path = Data.fromDatabaseValue(stored).flatMap({ RemotePath(bytes: $0) }) else {
            throw StateError.unknownWord(column: column, word: "\(stored)")
        }
        return path
    }

    /// A stored path, or NULL.
    /// - Throws: `StateError.unknownWord` when it is none.
    func knownIfPresent(_ column: String) throws -> RemotePath? {
        let stored: DatabaseValue = self[column]
        return stored.isNull ? nil : try known(column)
    }
}

extension AnswerKey {
    /// The condition on a table that has the key's three columns.
    var condition: SQL { "content = \(content) AND model = \(model) AND prompt_kind = \(promptKind)" }
}
