import HTTP

extension TranscriptionError {
    /// The error for a request that got no answer.
    init(_ error: HTTPError, redacting key: APIKey) {
        let reason = key.redacting(error.reasonWithoutURL)
        switch error {
        case .cancelled:
            self = .cancelled
        case .invalidRequest, .redirect:
            self = .modelPaused(reason: "\(reason): check the model's base URL", retryAfter: nil)
        case .file:
            self = .unavailable(reason: reason, retryAfter: nil, mayHaveBeenBilled: false)
        case .unknownHost, .cannotConnect, .tls, .connectionLost, .stalled, .tooLarge:
            self = .unavailable(reason: reason, retryAfter: nil, mayHaveBeenBilled: error.mayHaveActed)
        }
    }
}

extension HTTPError {
    /// The reason for having no answer, without the URL.
    var reasonWithoutURL: String {
        switch self {
        case .invalidRequest(let reason): "the request cannot be made: \(reason)"
        case .unknownHost(let host): "the host \(host) is not known"
        case .cannotConnect(let host, let reason): "no connection to \(host): \(reason)"
        case .tls(let host, let reason): "no secure connection to \(host): \(reason)"
        case .connectionLost(let host, let reason, _): "the connection to \(host) broke: \(reason)"
        case .stalled(let host, let after, _): "\(host) sent nothing for \(after)"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .redirect(let status, _): "the server redirects (\(status))"
        case .file(let path, let reason): "\(path): \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
