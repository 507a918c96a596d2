import FlyingFox
import FlyingSocks
import Foundation

extension ModelAnswer {
    /// The answer on the wire.
    func response(_ api: ModelAPI) async throws -> HTTPResponse {
        switch self {
        case .json(let document):
            return try .json(document)
        case .fault(let fault):
            var response = try HTTPResponse.json(
                api == .openAI ? fault.chatDocument : fault.document, status: fault.code)
            if let retryAfter = fault.retryAfter { response.headers[HTTPHeader("Retry-After")] = retryAfter }
            return response
        case .raw(let status, let headers, let body):
            var response = HTTPResponse(statusCode: HTTPStatusCode(status, phrase: "Raw"), body: Data(body.utf8))
            for (name, value) in headers { response.headers[HTTPHeader(name)] = value }
            return response
        case .hang:
            while true { try await Task.sleep(for: .seconds(3600)) }
        case .cut:
            return HTTPResponse(webSocket: ClosingHandler())
        case .cutInside:
            let body = HTTPBodySequence(from: BreakingSequence(start: Array("{\"candidates\": [{".utf8)), count: 1000)
            return HTTPResponse(
                statusCode: .ok, headers: [.contentType: "application/json; charset=UTF-8"], body: body)
        case .text, .parts, .truncated, .refused, .blocked, .noCandidates:
            return HTTPResponse(statusCode: .internalServerError)
        }
    }
}

/// The connection is to break: FlyingFox closes it when writing a response throws.
private struct ConnectionCut: Error {}

/// Throws where FlyingFox would begin to write, so that nothing is written at all.
private struct ClosingHandler: WSHandler {
    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        throw ConnectionCut()
    }
}

/// Some bytes, then a broken connection.
private struct BreakingSequence: AsyncBufferedSequence {
    typealias Element = UInt8
    let start: [UInt8]

    func makeAsyncIterator() -> Iterator { Iterator(rest: start) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: [UInt8]

        mutating func next() async throws -> UInt8? {
            guard !rest.isEmpty else { throw ConnectionCut() }
            return rest.removeFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            guard !rest.isEmpty else { throw ConnectionCut() }
            defer { rest = [] }
            return rest
        }
    }
}
