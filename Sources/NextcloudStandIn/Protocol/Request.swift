import FlyingFox
import Foundation

/// A request as the handlers see it.
struct Request {
    let method: String
    /// As it came.
    let rawPath: String
    let query: String
    let headers: HTTPHeaders
    let body: RequestBody

    init(_ request: HTTPRequest) {
        method = request.method.rawValue
        rawPath = request.target.path()
        query = request.target.query()
        headers = request.headers
        body = RequestBody(request.bodySequence)
    }

    subscript(header: String) -> String? { headers[HTTPHeader(header)] }

    /// The path and query, decoded, for faults to match.
    var readablePath: String { (PercentEncoding.decoded(rawPath) ?? rawPath) + (query.isEmpty ? "" : "?" + query) }

    var recorded: RecordedRequest {
        var plain: [String: String] = [:]
        for (header, value) in headers where header != .authorization && header != .cookie {
            plain[header.rawValue.lowercased()] = value
        }
        return RecordedRequest(
            method: method, path: rawPath + (query.isEmpty ? "" : "?" + query), depth: self["Depth"], headers: plain,
            sentSessionCookie: false)
    }
}

/// A request's body, read once and always to its end: FlyingFox would take what is left for the next request.
final class RequestBody {
    private var iterator: HTTPBodySequence.Iterator
    private(set) var count = 0

    init(_ body: HTTPBodySequence) { iterator = body.makeAsyncIterator() }

    /// The next bytes; nil at the end.
    func next() async throws -> Data? {
        guard let data = try await iterator.next() else { return nil }
        count += data.count
        return data
    }

    /// All of a small body.
    func text(limit: Int = 1 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let data = try await next() {
            if bytes.count + data.count <= limit { bytes += data }
        }
        return bytes
    }

    func drain() async throws {
        while try await next() != nil {}
    }
}
