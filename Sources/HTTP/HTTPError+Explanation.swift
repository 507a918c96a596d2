extension HTTPError {
    /// The failure in words for people, without its file.
    public var explanation: String {
        switch self {
        case .invalidRequest(let reason): reason
        case .unknownHost(let host): "the host \(host) is not known: check the name in the URL, and the network"
        case .cannotConnect(let host, let reason): "no connection to \(host): \(reason)"
        case .tls(let host, let reason): "no secure connection to \(host): \(reason)"
        case .connectionLost(let host, let reason, _): "the connection to \(host) broke: \(reason)"
        case .stalled(let host, let after, _): "\(host) sent nothing for \(after)"
        case .tooLarge(let limit): "larger than the limit of \(limit) bytes"
        case .redirect(_, let location): "the server sends us to \(location)"
        case .file(let path, let reason): "\(path): \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
