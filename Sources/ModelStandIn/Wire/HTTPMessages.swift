import FlyingFox
import Foundation

extension HTTPRequest {
    func wholeBody() async throws -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(min(bodySequence.count ?? 0, 256 << 20))
        for try await chunk in bodySequence { body += chunk }
        return body
    }

    func drain() async throws {
        for try await _ in bodySequence {}
    }

    subscript(header name: String) -> String? { headers[HTTPHeader(name)] }
}

extension HTTPResponse {
    static func json(_ document: [String: any Sendable], status: Int = 200) throws -> HTTPResponse {
        let body = try JSONSerialization.data(
            withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: status == 200 ? "OK" : "Error"),
            headers: [.contentType: "application/json; charset=UTF-8"], body: body)
    }
}
