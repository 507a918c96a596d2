import Foundation
import ModelStandIn
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("The stand-in under load")
struct StandInMemoryTests {
    private func ask(_ server: ModelStandInServer, _ picture: [UInt8]) async throws -> Int {
        let url = try #require(URL(string: "\(server.baseURL)/v1beta/models/gemini-2.5-pro:generateContent"))
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue("k", forHTTPHeaderField: "x-goog-api-key")
        let data = Data(picture).base64EncodedString()
        request.httpBody = Data(
            #"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/jpeg","data":"\#(data)"}},{"text":"lis \"tout\""}]}]}"#
                .utf8)
        return try #require(try await URLSession.shared.data(for: request).1 as? HTTPURLResponse).statusCode
    }

    @Test("it keeps no more bytes of pictures than it is told to, but all their digests")
    func bounded() async throws {
        var configuration = ModelStandInServer.Configuration()
        configuration.keptBytes = 250_000
        try await ModelStandInServer.withRunning(configuration) { (server: ModelStandInServer) async throws -> Void in
            for number in 0..<5 { #expect(try await ask(server, Picture.jpeg(UInt8(number), size: 100_000)) == 200) }
            let kept = server.calls.map { $0.inline[0].data.count }
            #expect(kept == [0, 0, 0, 100_005, 100_005])
            #expect(server.calls.map { $0.inline[0].size } == Array(repeating: 100_005, count: 5))
            #expect(server.callsByDigest.count == 5)
            #expect(server.calls[4].inline[0].data == Picture.jpeg(4, size: 100_000))
            #expect(server.calls[4].texts == ["lis \"tout\""])
            server.configure { $0.keptBytes = 0 }
            #expect(try await ask(server, Picture.jpeg(9, size: 100_000)) == 200)
            #expect(server.calls.allSatisfy { $0.inline[0].data.isEmpty })
            #expect(server.callsByDigest.count == 6)
        }
    }

    @Test("a quota granted evenly lets one request through in its time, and names the rest of it exactly")
    func even() async throws {
        let clock = TestClock()
        var configuration = ModelStandInServer.Configuration(quotaPerMinute: 1000, clock: { clock.now })
        configuration.quotaKind = .even(burst: 1)
        try await ModelStandInServer.withRunning(configuration) { (server: ModelStandInServer) async throws -> Void in
            #expect(try await ask(server, Picture.jpeg(1)) == 200)
            #expect(try await ask(server, Picture.jpeg(1)) == 429)
            clock.advance(0.059)
            #expect(try await ask(server, Picture.jpeg(1)) == 429)
            clock.advance(0.001)
            #expect(try await ask(server, Picture.jpeg(1)) == 200)
            server.configure { $0.quotaKind = .even(burst: 2) }
            #expect(try await ask(server, Picture.jpeg(1)) == 200)
            #expect(try await ask(server, Picture.jpeg(1)) == 429)
        }
    }
}
