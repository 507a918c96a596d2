import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Uploads", .timeLimit(.minutes(5)))
struct UploadTests {
    private let http = HTTPClient()

    private func sent(_ body: HTTPBody, method: HTTPRequest.Method = .put) async throws -> ScriptedRequest {
        try await ScriptedServer.answering({ _ in answer(201) }) { server in
            #expect(try await http.send(HTTPRequest(method, url: server.url), body: body).status == 201)
            return try #require(server.requests.first)
        }
    }

    @Test("bytes go out as they are, with their length", arguments: [1, 1000, 3_000_000])
    func bytes(count: Int) async throws {
        let request = try await sent(.bytes(pattern(count)))
        #expect(request["Content-Length"] == "\(count)")
        #expect(request["Transfer-Encoding"] == nil)
        #expect(request["Expect"] == nil)
        #expect(request.body == pattern(count))
    }

    @Test("an empty body is announced as such")
    func empty() async throws {
        #expect(try await sent(.bytes([]))["Content-Length"] == "0")
    }

    @Test("a POST or PUT without a body says so", arguments: [HTTPRequest.Method.post, .put])
    func noBody(method: HTTPRequest.Method) async throws {
        let request = try await sent(.none, method: method)
        #expect(request.method == method.rawValue)
        #expect(request["Content-Length"] == "0")
    }

    @Test("a GET without a body announces none")
    func get() async throws {
        #expect(try await sent(.none, method: .get)["Content-Length"] == nil)
    }

    @Test("a file is sent whole", arguments: [0, 1, 200_001])
    func file(count: Int) async throws {
        let folder = try TemporaryDirectory()
        let request = try await sent(.file(path: folder.write(pattern(count), to: "scan")))
        #expect(request["Content-Length"] == "\(count)")
        #expect(request.body == pattern(count))
    }

    @Test(
        "parts follow one another, files in Base64 among them",
        arguments: [0, 1, 2, 3, 49_151, 49_152, 49_153, 300_000])
    func parts(count: Int) async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(pattern(count), to: "scan")
        let request = try await sent(
            .parts([
                .text("{\"a\": \""), .base64File(path: path), .bytes([]), .text("\", "), .file(path: path), .text("}"),
            ]),
            method: .post)
        var expected = Array("{\"a\": \"".utf8) + Array(Data(pattern(count)).base64EncodedData())
        expected += Array("\", ".utf8) + pattern(count) + Array("}".utf8)
        #expect(request["Content-Length"] == "\(expected.count)")
        #expect(request.body == expected)
    }

    @Test("a file that is not there is an error before anything is sent")
    func missingFile() async throws {
        try await ScriptedServer.answering({ _ in answer(201) }) { server in
            let error = await httpError {
                try await http.send(HTTPRequest(.put, url: server.url), body: .file(path: "/nowhere/scan.jpg"))
            }
            guard case .file(path: "/nowhere/scan.jpg", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test("a file that became shorter or longer since it was measured never goes out wrongly")
    func changedFile() async throws {
        let folder = try TemporaryDirectory()
        // Larger than what the line holds, so that most of it is read after the change.
        let first = pattern(32 << 20)
        for change in [16 << 20, 48 << 20] {
            let path = try folder.write(first, to: "scan")
            let (begun, changed) = (Signal(), Signal())
            try await ScriptedServer.run({ connection in
                let head = try connection.readHead()
                begun.fire()
                changed.block()
                guard let length = head?["Content-Length"].flatMap({ Int($0) }) else { return }
                let body = try connection.readBytes(length)
                #expect(body.suffix(3) == Array("end".utf8))
                try connection.send(answer(201))
            }) { server in
                async let error = httpResult {
                    try await http.send(
                        HTTPRequest(.put, url: server.url), body: .parts([.file(path: path), .text("end")]))
                }
                await begun.wait()
                truncate(path, change)
                changed.fire()
                switch await error {
                case .success(let reply): #expect(reply.status == 201 && change > first.count)
                case .failure(.file(path: path, _)): #expect(change < first.count)
                case .failure(let error): Issue.record("\(error)")
                }
            }
        }
    }

    @Test("an answer that comes before the upload has ended is taken")
    func earlyAnswer() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readHead()
            try connection.send(answer(507, ["Connection: close"], body: "full"))
            connection.waitForEnd()
        }) { server in
            let reply = try await http.send(HTTPRequest(.put, url: server.url), body: .bytes(pattern(32 << 20)))
            #expect(reply.status == 507)
        }
    }

    @Test("PROPFIND carries its body, and its name as it is")
    func propfind() async throws {
        let request = try await sent(.text("<d:propfind/>"), method: #require(HTTPRequest.Method("PROPFIND")))
        #expect(request.method == "PROPFIND")
        #expect(request.body == Array("<d:propfind/>".utf8))
    }
}
