import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Secrets", .timeLimit(.minutes(5)))
struct SecrecyTests {
    @Test("a secret never prints")
    func secret() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump([secret], to: &dumped)
        struct Holder { var secret: Secret }
        let texts = [
            "\(secret)", String(reflecting: secret), String(describing: [secret]), "\(Holder(secret: secret))",
        ]
        for text in texts + [dumped, "\(Optional(secret) as Any)", String(reflecting: Holder(secret: secret))] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.value == "hunter2")
    }

    @Test("no error tells the query, a login or a header field")
    func errors() async throws {
        let http = HTTPClient(
            .init(
                timeouts: HTTPTimeouts(
                    connect: .milliseconds(200), firstByte: .milliseconds(200), stall: .milliseconds(200))))
        let listener = try SilentListener()
        let headers: HTTPFields = [.authorization: "Bearer hunter2", .cookie: "hunter2"]
        let gone = try await ScriptedServer.run({ _ in }) { $0.url }
        try await ScriptedServer.run({ connection in
            let request = try connection.readRequest()
            switch request?.target.split(separator: "?").first {
            case "/cut": try connection.send(answerHead(length: 10))
            case "/loop": try connection.send(answer(302, ["Location: http://hunter2@x/?hunter2#hunter2"]))
            default: connection.waitForEnd()
            }
        }) { server in
            let urls = [
                gone, "http://127.0.0.1:\(listener.port)", "https://127.0.0.1:\(server.port)", "\(server.url)/cut",
                "\(server.url)/hang", "\(server.url)/loop", "http://name.invalid",
            ]
            for url in urls {
                let error = await httpError {
                    try await http.send(HTTPRequest(.get, url: url + "/?key=hunter2#hunter2", headers: headers))
                }
                let unwrapped = try #require(error)
                for text in ["\(unwrapped)", String(reflecting: unwrapped), unwrapped.explanation] {
                    #expect(!text.contains("hunter2"), "\(url)")
                }
            }
        }
    }

    @Test(
        "a URL that holds a login or is none is refused without being repeated",
        arguments: [
            "https://user:hunter2@host/", "hunter2", "ftp://hunter2/", "https://", "https:///hunter2",
            "http://host/a b?hunter2",
            "http://host/hunter2é", "http://ho st/hunter2", "", "//host/hunter2", "http://host\r\nX: hunter2/",
        ])
    func urls(url: String) throws {
        do throws(HTTPError) {
            _ = try HTTPRequest(.get, url: url)
            Issue.record("taken: \(url)")
        } catch {
            #expect(!"\(error) \(error.explanation)".contains("hunter2"))
        }
    }

    @Test(
        "a URL is taken byte by byte, without its fragment",
        arguments: [
            ("HTTP://Host", "http://Host/"), ("http://h?q", "http://h/?q"),
            ("http://h:8/%41%2f..//x#f", "http://h:8/%41%2f..//x"),
            ("https://[::1]:8/a@b", "https://[::1]:8/a@b"),
        ])
    func spelling(url: String, text: String) throws {
        #expect(try HTTPRequest(.get, url: url).urlText == text)
    }
}
