import Glibc
import HTTP
import HTTPTypes
import Testing

/// The error that is thrown, which is an `HTTPError`.
func httpError<Value>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async -> HTTPError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        return nil
    } catch let error as HTTPError {
        return error
    } catch {
        Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
        return nil
    }
}

/// An answer of HTTP/1.1 with a length.
func answer(_ status: Int = 200, _ headers: [String] = [], body: String = "") -> String {
    let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.utf8.count)"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// Bytes that repeat only after a million, a prime number of them: a piece lost or moved shows.
func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { bytes.append(contentsOf: patternBlock.prefix(count - bytes.count)) }
    return bytes
}

private let patternBlock = (0..<1_000_003).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }

func name(_ text: String) throws -> HTTPField.Name { try #require(HTTPField.Name(text)) }

/// What comes of an exchange, as a value.
func httpResult<Value>(_ body: () async throws -> Value) async -> Result<Value, HTTPError> {
    do {
        return .success(try await body())
    } catch let error as HTTPError {
        return .failure(error)
    } catch {
        return .failure(.invalidRequest(reason: "another error: \(error)"))
    }
}

/// Blocks a script's own thread: a server that takes its time.
func usleepMilliseconds(_ count: UInt32) { usleep(count * 1000) }
