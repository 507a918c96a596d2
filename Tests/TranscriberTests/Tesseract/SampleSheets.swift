import Foundation

@testable import Transcriber

/// The synthetic sheets that are kept with the tests.
enum SampleSheets {
    static func path(_ name: String) -> String {
        (Bundle.module.resourcePath ?? ".") + "/Samples/" + name
    }

    static func truth(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// A request for these files, their types told from their first bytes as the service does it.
    static func request(_ names: String...) throws -> TranscriptionRequest {
        try request(names)
    }

    static func request(_ names: [String]) throws -> TranscriptionRequest {
        let pages = try names.map { name in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path(name)))
            guard let type = MediaType(sniffing: bytes) else { throw CocoaError(.fileReadCorruptFile) }
            return TranscriptionRequest.Page(path: path(name), name: name, mediaType: type)
        }
        return TranscriptionRequest(pages: pages, promptKind: .standard)
    }
}
