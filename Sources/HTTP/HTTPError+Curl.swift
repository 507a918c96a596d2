import CCurl
import Glibc
import HTTPTypes

/// The facts about an exchange that libcurl gave up.
struct CurlFailure {
    var code: CURLcode
    /// libcurl's words for this very failure, "" where it has none.
    var words: String
    /// The status with which a proxy answered CONNECT, 0 where there was none.
    var proxyStatus: Int
    var request: HTTPRequest
    /// Host and port of the proxy that the request may have gone through.
    var proxy: String?
    var connectTimeout: Duration
    var isConnected: Bool
    var requestSent: Bool
    /// True when this process could open no further socket when it failed: libcurl does not say why it got none.
    var isOutOfFiles = false

    var host: String { request.authority ?? "" }

    /// True when this process can open no further socket at this moment.
    static var canOpenNoSocket: Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if descriptor >= 0 { close(descriptor) }
        return descriptor < 0 && (errno == EMFILE || errno == ENFILE)
    }

    /// The proxy, where it was the proxy that failed.
    var failedProxy: String? {
        guard let proxy else { return nil }
        let isRefused = proxyStatus >= 300
        if code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY || isRefused { return proxy }
        // "Failed to connect to 10.0.0.1 port 3128 after 0 ms: …" names whom it tried.
        let name = proxy.prefix { $0 != ":" }
        let port = proxy.split(separator: ":").dropFirst().last
        let namesProxy = words.contains(" to \(name) port") && (port.map { words.contains("port \($0) ") } ?? true)
        return namesProxy && proxy != host ? proxy : nil
    }
}

extension HTTPError {
    /// The reason given where this process may open no more files or sockets.
    public static let tooManyOpenFiles = "too many files are open: raise the limit (ulimit -n, LimitNOFILE)"

    /// libcurl's verdict in our words.
    init(_ failure: CurlFailure) {
        let general = String(cString: curl_easy_strerror(failure.code))
        let (host, sent) = (failure.host, failure.requestSent)
        if failure.isOutOfFiles, Self.needsSocket.contains(failure.code) {
            self = .cannotConnect(host: host, reason: Self.tooManyOpenFiles)
            return
        }
        if let proxy = failure.failedProxy {
            self = .cannotConnect(host: host, reason: Self.explainProxy(proxy, failure, general))
            return
        }
        switch failure.code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .unknownHost(host: host)
        case CURLE_COULDNT_CONNECT:
            self = .cannotConnect(host: host, reason: "nobody answers there (connection refused or no route)")
        case CURLE_OPERATION_TIMEDOUT where !failure.isConnected:
            self = .cannotConnect(host: host, reason: "no connection within \(failure.connectTimeout)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls(host: host, reason: Self.explainTLS(failure.words) ?? general)
        case CURLE_UNSUPPORTED_PROTOCOL where failure.isConnected:
            // libcurl's word for an answer that begins with no status line, which HTTP/0.9 would allow.
            let reason =
                failure.request.scheme == "http"
                ? "the answer is not HTTP (it may be TLS: then write https:// in the address)"
                : "the answer is not HTTP"
            self = .connectionLost(host: host, reason: reason, requestSent: sent)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT:
            self = .invalidRequest(reason: general)
        default:
            self = .connectionLost(host: host, reason: general, requestSent: sent)
        }
    }

    private static func explainProxy(_ proxy: String, _ failure: CurlFailure, _ general: String) -> String {
        let name = "the proxy \(proxy)"
        let advice = "check HTTPS_PROXY and NO_PROXY"
        if failure.proxyStatus == 407 { return "\(name) asks for a login (407): \(advice)" }
        if failure.proxyStatus >= 300 { return "\(name) refuses to connect us (\(failure.proxyStatus)): \(advice)" }
        switch failure.code {
        case CURLE_COULDNT_RESOLVE_PROXY: return "the host of \(name) is not known: \(advice)"
        case CURLE_COULDNT_CONNECT: return "\(name) does not answer (connection refused or no route): \(advice)"
        case CURLE_OPERATION_TIMEDOUT: return "\(name) does not answer within \(failure.connectTimeout): \(advice)"
        default: return "\(name) fails (\(general)): \(advice)"
        }
    }

    /// OpenSSL's words for bytes that are no TLS at all.
    private static func explainTLS(_ words: String) -> String? {
        guard ["wrong version number", "http request", "packet length too long"].contains(where: words.contains)
        else { return nil }
        return "the port speaks no TLS (it may be plain http: then write http:// in the address, or the right port)"
    }

    private static let needsSocket = [
        CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_FAILED_INIT,
        CURLE_OUT_OF_MEMORY,
    ]

    /// The error of a local file, by `errno`.
    static func ofFile(_ path: String, _ number: Int32) -> HTTPError {
        let isShortage = number == EMFILE || number == ENFILE
        return .file(path: path, reason: isShortage ? tooManyOpenFiles : String(cString: strerror(number)))
    }
}
