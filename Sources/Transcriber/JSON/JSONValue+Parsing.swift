import Foundation

extension JSONValue {
    /// Parses a JSON document (RFC 8259) in UTF-8, at most 128 levels deep; UTF-16 with its byte order mark is read,
    /// too, as some editors write it.
    ///
    /// Members keep their order; of two with one name the later wins.
    /// - Throws: `DecodingError` when the bytes are not JSON.
    public init(parsing bytes: some Sequence<UInt8>) throws {
        var bytes = Array(bytes)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]),
            let text = String(data: Data(bytes), encoding: .utf16)
        {
            bytes = Array(text.utf8)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        do throws(JSONParser.Failure) {
            self = try JSONParser.document(bytes)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: [], debugDescription: "\(error.reason), after \(error.position) bytes"))
        }
    }

    /// Parses a JSON document.
    /// - Throws: `DecodingError` when the text is not JSON.
    public init(parsing text: String) throws {
        try self.init(parsing: text.utf8)
    }
}
