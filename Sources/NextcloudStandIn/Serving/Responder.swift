import FlyingFox
import FlyingSocks
import Foundation

/// Turns answers into what FlyingFox sends, with what the faults do to them.
struct Responder {
    let tree: SharedTree
    let log: RequestLog

    /// Closes the connection without a byte: FlyingFox does so when a WebSocket cannot be set up.
    static let cut = HTTPResponse(webSocket: NoWebSocket())

    private struct NoWebSocket: WSHandler {
        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            throw AnswerStream.Cut()
        }
    }

    /// An answer as FlyingFox sends it, with what the faults do to its body.
    func response(_ answer: Answer, to request: Request, effects: [Fault.Effect], number: Int) -> HTTPResponse {
        var answer = answer
        var limit: (bytes: Int, cuts: Bool)?
        for effect in effects {
            switch effect {
            case .cutAfterBodyBytes(let bytes): limit = (bytes, true)
            case .truncateBody(let bytes): limit = (bytes, false)
            case .errorInsideMultistatus(let count):
                if case .listing(var listing) = answer.body {
                    listing.breaksAfter = count
                    answer.body = .listing(listing)
                }
            case .failedResponse(let position, let status):
                if case .listing(var listing) = answer.body {
                    listing.failed = (position, status)
                    answer.body = .listing(listing)
                }
            default: break
            }
        }
        log.update(number) { $0.status = answer.status }
        var headers = HTTPHeaders()
        headers.addValue("nids-sync stand-in", for: HTTPHeader("Server"))
        headers.addValue(HTTPDate.string(seconds: Identifiers.now() / 1_000_000_000), for: .date)
        for (name, value) in answer.headers { headers.addValue(value, for: HTTPHeader(name)) }
        let status = HTTPStatusCode(answer.status, phrase: StatusPhrase.of(answer.status))
        let length = answer.length
        if request.method == "HEAD" {
            headers[.contentLength] = String(length ?? 0)
            return HTTPResponse(statusCode: status, headers: headers)
        }
        if length == 0, limit == nil { return HTTPResponse(statusCode: status, headers: headers) }
        let stream = AnswerStream(body: answer.body, limit: limit, tree: tree, log: log, number: number)
        // A body that ends early while nothing tells must not come with its real length.
        let body =
            if let length, limit?.cuts ?? true {
                HTTPBodySequence(from: stream, count: length, suggestedBufferSize: 65_536)
            } else {
                HTTPBodySequence(from: stream, suggestedBufferSize: 65_536)
            }
        return HTTPResponse(statusCode: status, headers: headers, body: body)
    }
}

extension Answer {
    /// The body's length where it is known before.
    fileprivate var length: Int? {
        switch body {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.range.count
        case .listing: nil
        }
    }
}
