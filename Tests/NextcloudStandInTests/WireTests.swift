import Foundation
import NextcloudStandIn
import TestSupport
import Testing

@Suite("The stand-in's own HTTP")
struct WireTests {
    /// Sends messages, each after an answer to the last one, and returns all that came back until the end.
    private func talk(_ bench: Bench, _ messages: [String]) async throws -> String {
        let port = try #require(UInt16(bench.standIn.url.split(separator: ":").last ?? ""))
        return try await RawConnection.talk(messages, toPort: port)
    }

    private var login: String { "Authorization: Basic \(Data("schneider:secret".utf8).base64EncodedString())\r\n" }

    @Test("100 Continue is answered when a body is announced and awaited, and never when it is there already")
    func expecting() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let head =
                "PUT /remote.php/dav/files/schneider/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\(login)\r\n"
            let asked = try await talk(bench, [head, "hallo"])
            #expect(asked.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n"))
            #expect(try bench.standIn.bytes(at: "x") == Array("hallo".utf8))
            let sent = try await talk(bench, [head + "salut"])
            #expect(sent.hasPrefix("HTTP/1.1 204 No Content\r\n"))
            #expect(try bench.standIn.bytes(at: "x") == Array("salut".utf8))
        }
    }

    @Test("a body in chunks arrives whole, and the connection serves the next request")
    func chunks() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let put =
                "PUT /remote.php/dav/files/schneider/y HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\(login)\r\n"
                + "3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\nTrailer: t\r\n\r\n"
            let get =
                "GET /remote.php/dav/files/schneider/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(login)\r\n"
            let heard = try await talk(bench, [put + get])
            #expect(heard.hasPrefix("HTTP/1.1 201 Created\r\n"))
            #expect(heard.hasSuffix("\r\n\r\nabcdefgh"))
        }
    }

    @Test("bytes that are no HTTP are refused with 400, and HTTP/1.0 is answered without chunks")
    func oldAndBroken() async throws {
        try await Bench.run { (bench: Bench) async throws in
            for broken in [
                "hello\r\n\r\n", "PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nx\r\n\r\n",
            ] {
                #expect(try await talk(bench, [broken]).hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(broken)")
            }
            let old = "PROPFIND /remote.php/dav/files/schneider/ HTTP/1.0\r\nDepth: 0\r\n\(login)\r\n"
            let heard = try await talk(bench, [old])
            #expect(heard.hasPrefix("HTTP/1.1 207 Multi-Status\r\n"))
            #expect(!heard.contains("chunked") && heard.hasSuffix("</d:multistatus>\n"))
        }
    }
}
