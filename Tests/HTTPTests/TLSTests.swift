import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("TLS", .timeLimit(.minutes(5)), .enabled(if: ApacheServer.isInstalled))
struct TLSTests {
    private func serving<Value: Sendable>(
        names: [String] = ["IP:127.0.0.1"], _ body: (ApacheServer) async throws -> Value
    ) async throws -> Value {
        try await ApacheServer.run(.init(certificateNames: names)) { server in
            try Data(pattern(3_000_000)).write(to: URL(filePath: server.folder + "/plain.txt"))
            return try await body(server)
        }
    }

    private func expectRefusal(_ http: HTTPClient, _ server: ApacheServer) async throws {
        let error = await httpError { try await http.send(HTTPRequest(.get, url: server.tlsURL + "/plain.txt")) }
        guard case .tls(let host, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(server.tlsURL.hasSuffix(host))
        #expect(reason.contains("certificate"))
        #expect(error?.mayHaveActed == false)
    }

    @Test("a certificate of an unknown authority is refused")
    func untrusted() async throws {
        try await serving { server in try await expectRefusal(HTTPClient(), server) }
    }

    @Test("a certificate for another host is refused")
    func wrongHost() async throws {
        try await serving(names: ["DNS:cloud.example.org"]) { server in
            try await expectRefusal(HTTPClient(.init(caFile: server.caFile)), server)
        }
    }

    @Test("a missing file of authorities is refused, not passed over")
    func missingAuthorities() async throws {
        try await serving { server in
            let http = HTTPClient(.init(caFile: "/nowhere/ca.pem"))
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.tlsURL)) }
            guard case .tls = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("an authority of one's own is accepted, and HTTP/2 is used where it is offered")
    func trusted() async throws {
        try await serving { server in
            let http = HTTPClient(.init(caFile: server.caFile))
            let reply = try await http.send(HTTPRequest(.get, url: server.tlsURL + "/plain.txt"))
            #expect(reply.status == 200)
            #expect(reply.body == pattern(3_000_000))
            #expect(reply.head.headerFields[try name("X-Protocol")] == "HTTP/2.0")
        }
    }

    @Test("over HTTP/2 a stream read slowly arrives whole, beside other requests")
    func slowStream() async throws {
        try await serving { server in
            let http = HTTPClient(.init(caFile: server.caFile))
            let request = try HTTPRequest(.get, url: server.tlsURL + "/plain.txt")
            let all = try await http.stream(request) { _, body in
                var all: [UInt8] = []
                var count = 0
                while let more = try await body.next() {
                    all += more
                    count += 1
                    if count <= 3 {
                        let other = try await http.send(request)
                        #expect(other.body == pattern(3_000_000))
                    }
                }
                return all
            }
            #expect(all == pattern(3_000_000))
        }
    }

    @Test("over HTTP/2 an upload arrives whole, and an interrupted stream harms no other")
    func upload() async throws {
        try await serving { server in
            let http = HTTPClient(.init(caFile: server.caFile))
            let headers: HTTPFields = [
                .authorization: "Basic " + Data("\(server.user):\(server.password)".utf8).base64EncodedString()
            ]
            let url = server.tlsURL + "/dav/scan.jpg"
            let put = try HTTPRequest(.put, url: url, headers: headers)
            try await http.stream(HTTPRequest(.get, url: server.tlsURL + "/plain.txt")) { _, body in
                _ = try await body.next()
            }
            #expect(try await http.send(put, body: .bytes(pattern(2_000_000))).status == 201)
            let back = try await http.send(HTTPRequest(.get, url: url, headers: headers))
            #expect(back.body == pattern(2_000_000))
        }
    }

    @Test("a redirect from https to http is not followed")
    func downgrade() async throws {
        try await serving { server in
            let http = HTTPClient(.init(caFile: server.caFile))
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.tlsURL + "/downgrade")) }
            #expect(error == .redirect(status: 302, location: server.url + "/plain.txt"))
        }
    }

    @Test("a server that speaks no TLS is a TLS error")
    func plain() async throws {
        try await ScriptedServer.run({ connection in
            try connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.waitForEnd()
        }) { server in
            let error = await httpError {
                try await HTTPClient().send(HTTPRequest(.get, url: "https://127.0.0.1:\(server.port)"))
            }
            guard case .tls = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
