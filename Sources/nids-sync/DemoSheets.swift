import Foundation
import Transcriber

/// The sample sheets that come with the program, each with what stands on it.
struct DemoSheets {
    struct Sheet {
        /// Without an extension.
        var name: String
        fileprivate var folder: URL

        func scan() throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name + ".jpg"))) }

        func truth() throws -> JSONValue {
            try JSONValue(parsing: try Data(contentsOf: folder.appending(path: name + ".truth.json")))
        }
    }

    let all: [Sheet]

    /// Finds the sheets beside the program, where the build or the package put them.
    init() throws {
        let folder = Bundle.module.bundleURL.appending(path: "Sheets")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        all = names.filter { $0.hasSuffix(".jpg") }.sorted().map { Sheet(name: String($0.dropLast(4)), folder: folder) }
    }
}
