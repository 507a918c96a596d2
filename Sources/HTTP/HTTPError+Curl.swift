import CCurl

extension HTTPError {
    /// libcurl's verdict in our words. `patience` is what the exchange was given to connect.
    init(_ code: CURLcode, host: String, connectTimeout: Duration, connected: Bool, requestSent: Bool) {
        let words = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .unknownHost(host: host)
        case CURLE_COULDNT_CONNECT:
            self = .cannotConnect(host: host, reason: "nobody answers there (connection refused or no route)")
        case CURLE_OPERATION_TIMEDOUT where !connected:
            self = .cannotConnect(host: host, reason: "no connection within \(connectTimeout)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls(host: host, reason: words)
        case CURLE_UNSUPPORTED_PROTOCOL where connected:
            // libcurl's word for an answer that begins with no status line, which HTTP/0.9 would allow.
            self = .connectionLost(host: host, reason: "the answer is not HTTP", requestSent: requestSent)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_FUNCTION_ARGUMENT:
            self = .invalidRequest(reason: words)
        default:
            self = .connectionLost(host: host, reason: words, requestSent: requestSent)
        }
    }
}
