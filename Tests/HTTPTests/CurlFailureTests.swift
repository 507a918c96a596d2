import CCurl
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

@Suite("What libcurl gave up, in our words")
struct CurlFailureTests {
    private func error(
        _ code: CURLcode, words: String = "", proxyStatus: Int = 0, url: String = "https://cloud.example:8443/",
        proxy: String? = nil, isConnected: Bool = false, isOutOfFiles: Bool = false
    ) throws -> HTTPError {
        HTTPError(
            CurlFailure(
                code: code, words: words, proxyStatus: proxyStatus, request: try HTTPRequest(.get, url: url),
                proxy: proxy, connectTimeout: .seconds(20), isConnected: isConnected, requestSent: false,
                isOutOfFiles: isOutOfFiles))
    }

    @Test("a proxy that fails is named as the proxy, and the server is not blamed")
    func proxies() throws {
        let proxy = "proxy.example:3128"
        let errors = [
            try error(CURLE_COULDNT_RESOLVE_PROXY, words: "Could not resolve proxy: proxy.example", proxy: proxy),
            try error(
                CURLE_COULDNT_CONNECT, words: "Failed to connect to proxy.example port 3128 after 0 ms", proxy: proxy),
            try error(
                CURLE_OPERATION_TIMEDOUT, words: "Failed to connect to proxy.example port 3128 after 9", proxy: proxy),
            try error(CURLE_RECV_ERROR, words: "CONNECT tunnel failed, response 407", proxyStatus: 407, proxy: proxy),
            try error(CURLE_RECV_ERROR, words: "CONNECT tunnel failed, response 502", proxyStatus: 502, proxy: proxy),
        ]
        for error in errors {
            guard case .cannotConnect(_, let reason) = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(reason.contains("the proxy proxy.example:3128") && reason.contains("HTTPS_PROXY"))
            #expect(!error.mayHaveActed)
        }
    }

    @Test("a server that fails although a proxy is configured is not called the proxy")
    func excepted() throws {
        let error = try error(
            CURLE_COULDNT_CONNECT, words: "Failed to connect to cloud.example port 8443 after 0 ms", proxy: "proxy:3128"
        )
        #expect(
            error
                == .cannotConnect(
                    host: "cloud.example:8443", reason: "nobody answers there (connection refused or no route)"))
    }

    @Test("a process that may open no more sockets says so, not that nobody answers")
    func shortage() throws {
        for code in [CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST] {
            let error = try error(code, isOutOfFiles: true)
            #expect(error.explanation.contains("too many files are open"))
        }
        #expect(HTTPError.ofFile("/spool/x", EMFILE) == .file(path: "/spool/x", reason: HTTPError.tooManyOpenFiles))
        #expect(HTTPError.ofFile("/spool/x", ENOENT) == .file(path: "/spool/x", reason: "No such file or directory"))
    }

    @Test(
        "the proxy's name comes from where libcurl takes it, without a password",
        arguments: [
            ("https", ["HTTPS_PROXY": "http://u:hunter2@p.example:3128/"], "p.example:3128"),
            ("https", ["https_proxy": "a:1", "HTTPS_PROXY": "b:2"], "a:1"), ("https", ["http_proxy": "a:1"], nil),
            ("http", ["HTTP_PROXY": "a:1"], nil), ("http", ["http_proxy": "a:1"], "a:1"),
            ("http", ["ALL_PROXY": "socks5h://a:1"], "a:1"), ("https", ["HTTPS_PROXY": ""], nil), ("https", [:], nil),
        ] as [(String, [String: String], String?)])
    func names(scheme: String, environment: [String: String], name: String?) throws {
        let settings = ProxySettings(configured: nil, environment: environment)
        #expect(settings.proxy(for: try HTTPRequest(.get, url: "\(scheme)://cloud.example/")) == name)
    }
}

@Suite("Proxies and schemes, over the line", .timeLimit(.minutes(5)))
struct ProxyLineTests {
    @Test("a proxy that is not there is named, for http and for https", arguments: ["http", "https"])
    func deadProxy(scheme: String) async throws {
        let port = try await ScriptedServer.run({ _ in }) { $0.port }
        let http = HTTPClient(.init(proxy: "http://127.0.0.1:\(port)"))
        let error = await httpError { try await http.send(HTTPRequest(.get, url: "\(scheme)://cloud.invalid/")) }
        #expect(error?.explanation.contains("the proxy 127.0.0.1:\(port) does not answer") == true)
    }

    @Test("a proxy whose name is not known is named")
    func unknownProxy() async throws {
        let http = HTTPClient(.init(proxy: "http://proxy.invalid:3128"))
        let error = await httpError { try await http.send(HTTPRequest(.get, url: "https://cloud.invalid/")) }
        #expect(error?.explanation.contains("the host of the proxy proxy.invalid:3128 is not known") == true)
    }

    @Test("a proxy that refuses to connect is told with its status", arguments: [403, 407, 502])
    func refusingProxy(status: Int) async throws {
        try await ScriptedServer.answering({ _ in answer(status) }) { server in
            let http = HTTPClient(.init(proxy: server.url))
            let error = await httpError { try await http.send(HTTPRequest(.get, url: "https://cloud.invalid/")) }
            let words = error?.explanation ?? ""
            #expect(words.contains("the proxy 127.0.0.1:\(server.port)") && words.contains("(\(status))"))
        }
    }

    @Test("https spoken to a port of plain http is told as that")
    func tlsToPlain() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readBytes(5)
            try connection.send(answer(400, body: "<html>Bad Request</html>"))
            connection.waitForEnd()
        }) { server in
            let error = await httpError {
                try await HTTPClient().send(HTTPRequest(.get, url: "https://127.0.0.1:\(server.port)/"))
            }
            guard case .tls(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("http://"))
        }
    }

    @Test("plain http spoken to a port of TLS that answers with an alert is told as that")
    func plainToTLS() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46])
        }) { server in
            let error = await httpError { try await HTTPClient().send(HTTPRequest(.get, url: server.url)) }
            #expect(error?.explanation.contains("https://") == true)
        }
    }
}
