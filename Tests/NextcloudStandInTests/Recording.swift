import Foundation
import Testing

/// An exchange recorded on a real Nextcloud 34.0.1.
struct Recording: Decodable, Sendable {
    struct Request: Decodable, Sendable {
        var method: String
        var path: String
        var headers: [String: String]
        var auth: String
        var body: String?
    }

    struct Response: Decodable, Sendable {
        var status: Int
        var headers: [[String]]
        var cookiesSet: [String]
        var bodyEncoding: String
        var body: String
    }

    var name: String
    var request: Request
    var response: Response

    init(named name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("DAVTests/Fixtures/nextcloud-34")
        let data = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Recording.self, from: data)
    }

    /// Headers that say nothing of the protocol, or depend on the server in front of PHP.
    private static let ignored: Set<String> = [
        "server", "date", "connection", "content-length", "transfer-encoding", "feature-policy",
        "access-control-allow-origin",
    ]

    var headers: [(name: String, value: String)] {
        response.headers.filter { !Self.ignored.contains($0[0].lowercased()) }.map { ($0[0], $0[1]) }
    }

    /// What differs between two servers, or two moments, replaced by its shape.
    static func normalised(_ text: String) -> String {
        text.replacing(/[0-9a-f]{32}/, with: "<32 hex>").replacing(/\b6b[0-9a-f]{11}\b/, with: "<13 hex>")
            .replacing(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/, with: "<date>")
            .replacing(/<oc:fileid>\d+</, with: "<oc:fileid><id><").replacing(
                /\b\d{8}oc[a-z0-9]{10}/, with: "<long id>"
            )
            .replacing(/<nc:lock-time>\d+</, with: "<nc:lock-time><time><")
            .replacing(/files_lock\/[-0-9a-z<> ]+?<\//, with: "files_lock/<token></")
            .replacing("utf-8", with: "UTF-8")
    }
}
