import FlyingFox
import FlyingSocks
import Foundation
import TestSupport

/// Runs a FlyingFox server that answers every request with its path.
func withFlyingFox(_ body: (String) async throws -> Void) async throws {
    let server = HTTPServer(address: try sockaddr_in.inet(ip4: "127.0.0.1", port: 0), timeout: 60, logger: .disabled)
    await server.appendRoute("*") { request in
        HTTPResponse(statusCode: .ok, body: Data("answer to \(request.path)".utf8))
    }
    let running = Task { try await server.run() }
    defer { running.cancel() }
    try await server.waitUntilListening()
    guard case .ip4(_, let port) = await server.listeningAddress else { throw TestFailure("FlyingFox does not listen") }
    try await body("http://127.0.0.1:\(port)")
    await server.stop(timeout: 0)
}
