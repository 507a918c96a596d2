import Foundation
import TestSupport
import Testing

/// A request to a real Nextcloud 34 and its answer, as they were recorded.
struct RecordedExchange: Decodable, Sendable, CustomTestStringConvertible {
    struct Request: Decodable, Sendable {
        var method: String
        var path: String
        var headers: [String: String]
        var body: String?
    }

    struct Response: Decodable, Sendable {
        var status: Int
        var headers: [[String]]
        var encoding: String
        var body: String

        private enum CodingKeys: String, CodingKey {
            case status, headers, body
            case encoding = "body_encoding"
        }
    }

    var name: String
    var request: Request
    var response: Response

    var testDescription: String { name }

    /// The answer's body as it was.
    var responseBody: [UInt8] {
        response.encoding == "base64"
            ? Array(Data(base64Encoded: response.body) ?? Data()) : Array(response.body.utf8)
    }

    /// A header of the answer.
    func header(_ name: String) -> String? {
        response.headers.first { $0.first?.lowercased() == name.lowercased() }?.last
    }

    /// The answer as it goes over the line, with a length instead of chunks.
    var answer: [UInt8] {
        let dropped: Set = ["transfer-encoding", "connection", "content-length"]
        var lines = ["HTTP/1.1 \(response.status) Recorded"]
        lines += response.headers.filter { !dropped.contains($0[0].lowercased()) }.map { "\($0[0]): \($0[1])" }
        let length = request.method == "HEAD" ? header("Content-Length") : "\(responseBody.count)"
        lines.append("Content-Length: \(length ?? "0")")
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + responseBody
    }

    /// Everything that was recorded.
    static func all() throws -> [RecordedExchange] {
        guard let folder = Bundle.module.url(forResource: "Fixtures/nextcloud-34", withExtension: nil) else {
            throw TestFailure("the recordings are not here")
        }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
            .map { try JSONDecoder().decode(RecordedExchange.self, from: Data(contentsOf: $0)) }
    }

    static func named(_ name: String) throws -> RecordedExchange {
        guard let exchange = try all().first(where: { $0.name == name }) else {
            throw TestFailure("no recording \(name)")
        }
        return exchange
    }
}
